// Light, dark, or as the system has it. Styles read it as `data-theme` of the document.
import { held } from './held.ts'
import { rememberedChoice } from './remembered.ts'

export const THEMES = ['auto', 'light', 'dark'] as const

export const theme = rememberedChoice('pushledger.theme', THEMES, 'auto')

/** What is shown: for those who draw with colours of their own. */
export const shownTheme = held<'light' | 'dark'>('light')

export const showTheme = (): void => {
  const dark = window.matchMedia('(prefers-color-scheme: dark)')
  const show = () => {
    const chosen = theme.get()
    const shown = chosen === 'auto' ? (dark.matches ? 'dark' : 'light') : chosen
    document.documentElement.dataset['theme'] = shown
    shownTheme.set(shown)
  }
  theme.watch(show)
  dark.addEventListener('change', show)
  show()
}
