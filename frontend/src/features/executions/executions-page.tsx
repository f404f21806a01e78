import { Message } from '@/components/ui/message';
import { Page } from '@/components/ui/page';
import { TopBar } from '@/components/ui/top-bar';

export function ExecutionsPage() {
  return (
    <Page bar={<TopBar />}>
      <Message title="Executions" />
    </Page>
  );
}
