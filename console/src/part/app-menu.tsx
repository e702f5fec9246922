// The apps that one is logged in to: which is looked at, switching, another one, logging out. A popover
// of the browser: Escape and a click elsewhere close it.
import { useRef } from 'preact/hooks'
import { hashOf } from '../route.ts'
import { useHeld } from '../state/held.ts'
import { useTexts } from '../state/language.ts'
import { apps, logOut, selectApp, useApp } from '../state/session.ts'
import { Icon } from './icon.tsx'

const menuId = 'apps'

export const AppMenu = () => {
  const texts = useTexts().appMenu
  const all = useHeld(apps) ?? []
  const app = useApp()
  const menu = useRef<HTMLDivElement>(null)
  if (app === undefined) return null
  const close = () => menu.current?.hidePopover()
  const others = all.filter(({ key }) => key !== app.key)
  return (
    <div class="app-menu">
      <button
        type="button"
        class="app-button"
        popovertarget={menuId}
        aria-label={texts.label(app.name)}
      >
        <span class="app-name">
          <bdi>{app.name}</bdi>
        </span>
        <Icon name="chevron" />
      </button>
      <div class="menu" id={menuId} popover="auto" ref={menu}>
        <p class="menu-head">
          <strong>
            <bdi>{app.name}</bdi>
          </strong>
          <span class="id">{app.key}</span>
          <span>{texts.zone(app.time_zone)}</span>
        </p>
        {others.map(({ key, name }) => (
          <button
            key={key}
            type="button"
            onClick={() => {
              close()
              selectApp(key)
            }}
          >
            <span class="unseen">{texts.switchTo} </span>
            <bdi>{name}</bdi>
            <span class="muted id">{key}</span>
          </button>
        ))}
        <a href={hashOf({ page: 'log-in' })} onClick={close}>
          <Icon name="plus" />
          {texts.add}
        </a>
        <button
          type="button"
          onClick={() => {
            close()
            void logOut(app.key)
          }}
        >
          <Icon name="leave" />
          <bdi>{texts.logOut(app.name)}</bdi>
        </button>
      </div>
    </div>
  )
}
