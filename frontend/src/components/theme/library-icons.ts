import {
  Boxes,
  ChartLine,
  ClipboardList,
  Combine,
  FileSpreadsheet,
  Filter,
  Gauge,
  type LucideIcon,
  Scale,
  ScanText,
  SlidersHorizontal,
  Sparkles,
  Split,
  SquareTerminal,
  Target,
  TrendingUp,
  WandSparkles,
} from 'lucide-react';

/** Icons ready-made steps name in their step.json. */
const ICONS: Readonly<Record<string, LucideIcon>> = {
  boxes: Boxes,
  'chart-line': ChartLine,
  'clipboard-list': ClipboardList,
  combine: Combine,
  'file-spreadsheet': FileSpreadsheet,
  filter: Filter,
  gauge: Gauge,
  scale: Scale,
  'scan-text': ScanText,
  sliders: SlidersHorizontal,
  sparkles: Sparkles,
  split: Split,
  sql: SquareTerminal,
  target: Target,
  'trending-up': TrendingUp,
  wand: WandSparkles,
};

export function libraryIcon(name: string): LucideIcon | undefined {
  return Object.hasOwn(ICONS, name) ? ICONS[name] : undefined;
}
