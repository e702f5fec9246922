// How one message stands on each of many devices: pasted, looked up, sorted, filtered and exported.
import { useMemo, useState } from 'preact/hooks'
import type { StatusBody } from '../../../src/http/endpoint/wire.ts'
import * as question from '../api/question.ts'
import { useAnswer } from '../api/use-answer.ts'
import { parseMsgId, registrationIdsMax, registrationIdsOf } from '../field/id.ts'
import { AskedNotice } from '../part/notice.tsx'
import { Page } from '../part/page.tsx'
import { RawAnswer } from '../part/raw-answer.tsx'
import { StatusTable } from '../part/status-table.tsx'
import { useNumbers, useTexts } from '../state/language.ts'

type StatusQuestion = question.Question<StatusBody>

interface Lookup {
  readonly question: StatusQuestion
  readonly msgId: string
  readonly date: string
}

export const DevicesPage = ({ firstMsgId }: { readonly firstMsgId: string }) => {
  const texts = useTexts()
  const [lookup, setLookup] = useState<Lookup>()
  const asked = useAnswer(lookup?.question)
  const lookUp = (next: Lookup) => {
    // The same question once more, or a new one, which is asked by itself.
    if (JSON.stringify(next) === JSON.stringify(lookup)) asked.again()
    else setLookup(next)
  }
  return (
    <Page title={texts.devices.title} lead={texts.devices.lead}>
      <LookupForm firstMsgId={firstMsgId} onLookUp={lookUp} />
      {lookup !== undefined && (
        <section class="panel" aria-live="polite" aria-busy={asked.body === undefined}>
          <AskedNotice asked={asked} />
          {asked.body !== undefined && <StatusTable {...lookup} body={asked.body} />}
          <RawAnswer question={lookup.question} />
        </section>
      )}
    </Page>
  )
}

interface FormProps {
  readonly firstMsgId: string
  readonly onLookUp: (lookup: Lookup) => void
}

const LookupForm = ({ firstMsgId, onLookUp }: FormProps) => {
  const texts = useTexts()
  const numbers = useNumbers()
  const words = texts.devices
  const [id, setId] = useState(firstMsgId)
  const [pasted, setPasted] = useState('')
  const [date, setDate] = useState('')
  const [sentence, setSentence] = useState('')
  const ids = useMemo(() => registrationIdsOf(pasted), [pasted])
  const most = numbers.full(registrationIdsMax)
  const isTooMany = ids.length > registrationIdsMax

  const submit = (event: Event) => {
    event.preventDefault()
    const msgId = parseMsgId(id)
    if (msgId === undefined) return setSentence(texts.messages.badId)
    if (ids.length === 0) return setSentence(words.noIds)
    if (isTooMany) return setSentence(words.tooMany(most))
    setSentence('')
    onLookUp({ question: question.statuses(msgId, ids, date), msgId, date })
  }
  return (
    <form class="panel form wide" onSubmit={submit}>
      <div>
        <label for="msg-id">{words.msgId}</label>
        <input
          id="msg-id"
          inputMode="numeric"
          autocomplete="off"
          value={id}
          onInput={({ currentTarget }) => setId(currentTarget.value)}
        />
      </div>
      <div>
        <label for="as-of">{words.date}</label>
        <input
          id="as-of"
          type="date"
          aria-describedby="as-of-hint"
          value={date}
          onInput={({ currentTarget }) => setDate(currentTarget.value)}
        />
        <p class="lead" id="as-of-hint">
          {words.dateHint}
        </p>
      </div>
      <div class="whole-row">
        <label for="ids">{words.ids}</label>
        <textarea
          id="ids"
          rows={6}
          spellcheck={false}
          autocapitalize="off"
          placeholder={words.idsHint}
          aria-describedby="ids-count"
          value={pasted}
          onInput={({ currentTarget }) => setPasted(currentTarget.value)}
        />
        <p id="ids-count" class={isTooMany ? 'wrong' : 'lead'}>
          {words.counted(numbers.full(ids.length), most)}
        </p>
      </div>
      <div class="whole-row">
        <button type="submit" class="primary">
          {words.submit}
        </button>
        <p class="wrong" role="alert">
          {sentence}
        </p>
      </div>
    </form>
  )
}
