/** The sage leaf. */
export function Logo({ size = 22 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 22 22" aria-hidden="true">
      <path d="M11 21C5 17 3 12 4 4c6 1 8 5 7 17Z" fill="var(--brand)" />
      <path d="M11 21c6-3 8-8 8-14-5 0-8 4-8 14Z" fill="var(--data)" opacity=".85" />
    </svg>
  );
}
