// Logging in, with an app's key and master secret. Where a session ended, the address stays what it was,
// so that the same page is there again afterwards.
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Trouble } from '../api/trouble.ts'
import { Notice } from '../part/notice.tsx'
import { Page } from '../part/page.tsx'
import { useHeld } from '../state/held.ts'
import { useTexts } from '../state/language.ts'
import { goTo, route } from '../state/navigation.ts'
import { apps, expired, logIn, selectApp } from '../state/session.ts'
import type { Texts } from '../text/en.ts'

const sentenceOf = (trouble: Trouble, texts: Texts): string => {
  if (trouble.kind === 'refused') return texts.logIn.wrong
  if (trouble.kind === 'away') return texts.trouble.away
  if (trouble.kind === 'fault') return texts.trouble.failed(trouble.message)
  return texts.logIn.slowed(Math.max(1, Math.ceil(trouble.retryAfterMs / 1_000)))
}

export const LogIn = () => {
  const texts = useTexts()
  const ended = useHeld(expired)
  const others = useHeld(apps) ?? []
  const words = texts.logIn
  return (
    <div class="log-in">
      <Page title={words.title} lead={words.lead}>
        {ended !== undefined && <Notice tone="warn">{words.expired(ended.name)}</Notice>}
        <LogInForm key={ended?.key} firstKey={ended?.key ?? ''} />
        {ended !== undefined &&
          others.map(({ key, name }) => (
            <button key={key} type="button" class="quiet" onClick={() => selectApp(key)}>
              <bdi>{words.goOn(name)}</bdi>
            </button>
          ))}
        <p class="lead">
          {words.hint} <code>pushledger app list</code>
        </p>
      </Page>
    </div>
  )
}

const shown = { type: 'text' } as const
const concealed = { type: 'password' } as const

const LogInForm = ({ firstKey }: { readonly firstKey: string }) => {
  const texts = useTexts()
  const words = texts.logIn
  const [key, setKey] = useState(firstKey)
  const [secret, setSecret] = useState('')
  const [isSeen, setSeen] = useState(false)
  const [isBusy, setBusy] = useState(false)
  const [sentence, setSentence] = useState('')
  const secretField = useRef<HTMLInputElement>(null)
  const keyField = useRef<HTMLInputElement>(null)

  useEffect(() => {
    const field = firstKey === '' ? keyField : secretField
    field.current?.focus({ preventScroll: true })
  }, [firstKey])

  const submit = async (event: Event) => {
    event.preventDefault()
    if (isBusy) return
    if (key.trim() === '' || secret === '') return setSentence(words.missing)
    setBusy(true)
    setSentence('')
    const trouble = await logIn(key.trim(), secret.trim())
    if (trouble === undefined) {
      if (route.get().page === 'log-in') goTo({ page: 'overview' })
      return
    }
    setBusy(false)
    setSentence(sentenceOf(trouble, texts))
    secretField.current?.select()
  }
  return (
    <form class="panel form" onSubmit={(event) => void submit(event)}>
      <label for="key">{words.key}</label>
      <input
        id="key"
        ref={keyField}
        name="username"
        autocomplete="username"
        autocapitalize="off"
        spellcheck={false}
        value={key}
        onInput={({ currentTarget }) => setKey(currentTarget.value)}
      />
      <label for="secret">{words.secret}</label>
      <div class="field-with-button">
        <input
          id="secret"
          ref={secretField}
          name="password"
          {...(isSeen ? shown : concealed)}
          autocomplete="current-password"
          autocapitalize="off"
          spellcheck={false}
          value={secret}
          onInput={({ currentTarget }) => setSecret(currentTarget.value)}
        />
        <button type="button" class="quiet" onClick={() => setSeen(!isSeen)}>
          {isSeen ? words.hide : words.show}
          <span class="unseen"> {words.secret}</span>
        </button>
      </div>
      <p class="wrong" role="alert">
        {sentence}
      </p>
      <button type="submit" class="primary" aria-disabled={isBusy}>
        {isBusy ? words.busy : words.submit}
      </button>
    </form>
  )
}
