import { Outlet } from '@tanstack/react-router';
import { TopBarMenuContext } from '@/components/ui/top-bar';
import { AccountMenu } from './account-menu';

/** Every page behind the login; the account menu reaches all top bars from here. */
export function SignedInFrame() {
  return (
    <TopBarMenuContext.Provider value={<AccountMenu />}>
      <Outlet />
    </TopBarMenuContext.Provider>
  );
}
