import { Menu, useMantineColorScheme } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import {
  BookOpen,
  Box,
  Check,
  Database,
  LayoutTemplate,
  ListTree,
  LogOut,
  Monitor,
  Moon,
  Play,
  Settings,
  Sun,
} from 'lucide-react';
import { logOut, sessionQuery } from '@/api/session';
import styles from './account-menu.module.css';
import { queryClient } from './providers';

const SCHEMES = [
  { value: 'light', label: 'Light', icon: Sun },
  { value: 'dark', label: 'Dark', icon: Moon },
  { value: 'auto', label: 'Same as the system', icon: Monitor },
] as const;

/** Who is signed in, appearance, the ways to other pages. */
export function AccountMenu() {
  const { data: session } = useQuery(sessionQuery());
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const navigate = useNavigate();
  const name = session?.user.display_name || session?.user.username || 'Account';
  const leave = async () => {
    await logOut();
    queryClient.clear();
    await navigate({ to: '/login' });
  };
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <button type="button" className={styles.avatar} aria-label={`Account of ${name}`}>
          {name.slice(0, 1).toUpperCase()}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {name} · {session?.role}
        </Menu.Label>
        <Menu.Item component={Link} to="/pipelines" leftSection={<ListTree size={15} />}>
          Pipelines
        </Menu.Item>
        <Menu.Item component={Link} to="/data" leftSection={<Database size={15} />}>
          Data
        </Menu.Item>
        <Menu.Item component={Link} to="/executions" leftSection={<Play size={15} />}>
          Executions
        </Menu.Item>
        <Menu.Item component={Link} to="/templates" leftSection={<LayoutTemplate size={15} />}>
          Templates
        </Menu.Item>
        <Menu.Item component={Link} to="/models" leftSection={<Box size={15} />}>
          Models
        </Menu.Item>
        <Menu.Item component={Link} to="/glossary" leftSection={<BookOpen size={15} />}>
          Glossary
        </Menu.Item>
        <Menu.Item component={Link} to="/settings" leftSection={<Settings size={15} />}>
          Settings
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>Appearance</Menu.Label>
        {SCHEMES.map(({ value, label, icon: Icon }) => (
          <Menu.Item
            key={value}
            leftSection={<Icon size={15} />}
            rightSection={colorScheme === value ? <Check size={14} aria-label="chosen" /> : null}
            onClick={() => setColorScheme(value)}
          >
            {label}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<LogOut size={15} />} onClick={() => void leave()}>
          Log out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
