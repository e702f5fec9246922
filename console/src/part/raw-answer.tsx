// The answer of one question word for word, beside the line of curl that asks it.
import { useState } from 'preact/hooks'
import { curlOf } from '../api/curl.ts'
import type { Question } from '../api/question.ts'
import { useAnswer } from '../api/use-answer.ts'
import { useTexts } from '../state/language.ts'
import { useApp } from '../state/session.ts'
import { indented } from '../text/indented.ts'
import { Copy } from './copy.tsx'
import { AskedNotice } from './notice.tsx'

interface RawAnswerProps {
  readonly question: Question<unknown>
  readonly everyMs?: number
}

export const RawAnswer = ({ question, everyMs }: RawAnswerProps) => {
  const texts = useTexts()
  const key = useApp()?.key ?? ''
  const [isOpen, setOpen] = useState(false)
  return (
    <details class="behind raw" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <code>
          {question.method ?? 'GET'} {question.path.split('?')[0]}
        </code>
      </summary>
      {isOpen && (
        <>
          <Copy text={curlOf(question, window.location.origin, key)} label={texts.copyCurl} />
          <RawText question={question} {...(everyMs !== undefined && { everyMs })} />
        </>
      )}
    </details>
  )
}

const RawText = ({ question, everyMs }: RawAnswerProps) => {
  const texts = useTexts()
  const asked = useAnswer(question, { everyMs })
  const { text } = asked
  return (
    <>
      <AskedNotice asked={asked} />
      {text !== undefined && (
        <>
          <Copy text={text} label={`${texts.copy} JSON`} />
          <div class="code">
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrolls, so a keyboard must reach it */}
            <pre tabIndex={0}>{indented(text)}</pre>
          </div>
        </>
      )}
    </>
  )
}
