// What stands around every page: the way past it for a keyboard, the pages, the apps, language and
// theme, and the banner while the server is away.
import type { ComponentChildren } from 'preact'
import { connection } from './api/connection.ts'
import { AppMenu } from './part/app-menu.tsx'
import { Icon, type IconName } from './part/icon.tsx'
import { hashOf, type PageName, type Route } from './route.ts'
import { useHeld } from './state/held.ts'
import { setLanguage, textsOf, useLanguage, useTexts } from './state/language.ts'
import { route } from './state/navigation.ts'
import { THEMES, theme } from './state/theme.ts'
import { LANGUAGES } from './text/language.ts'

const pages = [
  ['overview', { page: 'overview' }],
  ['messages', { page: 'messages' }],
  ['devices', { page: 'devices' }],
  ['feed', { page: 'feed', hours: 24 }],
] as const satisfies readonly (readonly [IconName & PageName, Route])[]

/** The page of the list that one is on, or below. */
const isBelow = (name: PageName, current: PageName): boolean =>
  name === current || (name === 'messages' && current === 'message')

const skip = (event: Event): void => {
  event.preventDefault()
  document.getElementById('content')?.focus()
}

interface FrameProps {
  readonly isLoggedIn: boolean
  readonly children: ComponentChildren
}

export const Frame = ({ isLoggedIn, children }: FrameProps) => {
  const texts = useTexts()
  return (
    <div class={isLoggedIn ? 'frame' : 'frame outside'}>
      <header class="side">
        <a class="skip" href={hashOf(useHeld(route))} onClick={skip}>
          {texts.skip}
        </a>
        <a class="brand" href={hashOf({ page: 'overview' })}>
          <svg viewBox="0 0 32 32" width="24" height="24" aria-hidden="true">
            <rect width="32" height="32" rx="7" />
            <path d="M9 23V9m0 3h13M9 17.5h9M9 23h5" />
          </svg>
          pushledger
        </a>
        {isLoggedIn && <AppMenu />}
        {isLoggedIn && <Navigation />}
        <Settings />
      </header>
      <main id="content" tabIndex={-1}>
        <AwayBanner />
        {children}
      </main>
    </div>
  )
}

const Navigation = () => {
  const texts = useTexts()
  const { page } = useHeld(route)
  return (
    <nav aria-label={texts.nav}>
      <ul>
        {pages.map(([name, to]) => (
          <li key={name}>
            <a href={hashOf(to)} aria-current={isBelow(name, page) ? 'page' : undefined}>
              <Icon name={name} />
              {texts.pages[name]}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}

const Settings = () => {
  const texts = useTexts()
  const language = useLanguage()
  const chosen = useHeld(theme)
  return (
    <div class="settings">
      <label>
        <span class="unseen">{texts.languageLabel}</span>
        <select
          value={language}
          onChange={({ currentTarget: { value } }) =>
            setLanguage(LANGUAGES.find((each) => each === value) ?? language)
          }
        >
          {LANGUAGES.map((each) => (
            <option key={each} value={each} lang={textsOf[each].locale}>
              {textsOf[each].language}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span class="unseen">{texts.theme.label}</span>
        <select
          value={chosen}
          onChange={({ currentTarget: { value } }) =>
            theme.set(THEMES.find((each) => each === value) ?? chosen)
          }
        >
          {THEMES.map((each) => (
            <option key={each} value={each}>
              {texts.theme[each]}
            </option>
          ))}
        </select>
      </label>
    </div>
  )
}

const AwayBanner = () => {
  const texts = useTexts()
  const isAway = useHeld(connection) === 'away'
  return (
    <div role="status" class={isAway ? 'banner' : ''}>
      {isAway && texts.trouble.away}
    </div>
  )
}
