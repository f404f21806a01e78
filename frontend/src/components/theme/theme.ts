import { createTheme, type MantineColorsTuple } from '@mantine/core';

/** Mantine wants ten shades; every shade is the token, so a component cannot reach a colour we did not choose. */
function shades(token: string, soft: string): MantineColorsTuple {
  return [soft, soft, soft, token, token, token, token, token, token, token] as MantineColorsTuple;
}

const CLOSE = { 'aria-label': 'Close' };

export const theme = createTheme({
  primaryColor: 'brand',
  primaryShade: 6,
  colors: {
    brand: shades('var(--brand)', 'var(--brand-soft)'),
    red: shades('var(--bad)', 'var(--bad-soft)'),
    green: shades('var(--ok)', 'var(--ok-soft)'),
    yellow: shades('var(--warn)', 'var(--warn-soft)'),
    blue: shades('var(--run)', 'var(--run-soft)'),
  },
  fontFamily: 'var(--font)',
  fontFamilyMonospace: 'var(--mono)',
  fontSizes: { xs: '11.5px', sm: '13px', md: '13px', lg: '15px', xl: '20px' },
  headings: { fontFamily: 'var(--font)', fontWeight: '600' },
  radius: { xs: '4px', sm: '7px', md: '10px', lg: '12px', xl: '12px' },
  defaultRadius: 'sm',
  shadows: { sm: 'var(--shadow)', md: 'var(--shadow-2)', lg: 'var(--shadow-2)' },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  components: {
    Button: { defaultProps: { size: 'compact-md', variant: 'default' } },
    Tooltip: { defaultProps: { openDelay: 400, withArrow: false, position: 'bottom' } },
    // Pages do not scroll, their parts do; locking would add a style element that the page's policy refuses.
    Modal: {
      defaultProps: {
        centered: true,
        radius: 'md',
        lockScroll: false,
        transitionProps: { duration: 120 },
        closeButtonProps: CLOSE,
      },
    },
    Drawer: {
      defaultProps: { lockScroll: false, transitionProps: { duration: 120 }, closeButtonProps: CLOSE },
    },
    // A menu's first item takes the focus: the placeholder that would is no part of a menu for a screen reader.
    Menu: {
      defaultProps: { shadow: 'md', transitionProps: { duration: 80 }, withInitialFocusPlaceholder: false },
    },
  },
});
