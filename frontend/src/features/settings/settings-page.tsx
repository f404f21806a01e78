import { Message } from '@/components/ui/message';
import { Page } from '@/components/ui/page';
import { TopBar } from '@/components/ui/top-bar';

export function SettingsPage() {
  return (
    <Page bar={<TopBar />}>
      <Message title="Settings" />
    </Page>
  );
}
