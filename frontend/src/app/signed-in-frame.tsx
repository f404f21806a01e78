import { Outlet } from '@tanstack/react-router';
import { UploadTray } from '@/components/data/upload-tray';
import { TopBarMenuContext } from '@/components/ui/top-bar';
import { AccountMenu } from './account-menu';

/** Every page behind the login; the account menu reaches all top bars from here. */
export function SignedInFrame() {
  return (
    <TopBarMenuContext.Provider value={<AccountMenu />}>
      <Outlet />
      <UploadTray />
    </TopBarMenuContext.Provider>
  );
}
