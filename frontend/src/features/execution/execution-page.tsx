import { Message } from '@/components/ui/message';
import { Page } from '@/components/ui/page';
import { TopBar } from '@/components/ui/top-bar';

export function ExecutionPage() {
  return (
    <Page bar={<TopBar />}>
      <Message title="Execution" />
    </Page>
  );
}
