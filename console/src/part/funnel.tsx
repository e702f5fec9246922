// How far a push came: the devices at each stage, in small for a list and in large for a page.
import { type Counts, STAGES, type Stage } from '../field/stage.ts'
import { useNumbers, useTexts } from '../state/language.ts'
import { shareOf } from '../text/number.ts'
import { Bar } from './bar.tsx'
import { Count } from './count.tsx'
import { stageTone } from './tone.ts'

const smallStages: readonly Stage[] = ['target', 'sent', 'received', 'click']

const widest = (counts: Counts): number => Math.max(1, ...STAGES.map((stage) => counts[stage]))

export const SmallFunnel = ({ counts }: { readonly counts: Counts }) => {
  const texts = useTexts()
  return (
    <dl class="funnel-small">
      {smallStages.map((stage) => (
        <div key={stage}>
          <dt>{texts.stages[stage]}</dt>
          <dd>
            <Count>{counts[stage]}</Count>
            <Bar share={counts[stage] / widest(counts)} tone={stageTone[stage]} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

/** A stage that nobody reached is left out where the ones beside it say enough. */
const isShown = (counts: Counts, stage: Stage): boolean =>
  stage === 'display' ? counts.display > 0 : true

export const Funnel = ({ counts }: { readonly counts: Counts }) => {
  const texts = useTexts()
  const numbers = useNumbers()
  const shown = STAGES.filter((stage) => isShown(counts, stage))
  return (
    <dl class="funnel">
      {shown.map((stage, i) => {
        const before = shown[i - 1]
        const ofPrevious = before === undefined ? undefined : shareOf(counts[stage], counts[before])
        const ofTarget = shareOf(counts[stage], counts.target)
        return (
          <div key={stage}>
            <dt>{texts.stages[stage]}</dt>
            <dd>
              <strong data-testid={`stage-${stage}`}>
                <Count>{counts[stage]}</Count>
              </strong>
              <Bar share={counts[stage] / widest(counts)} tone={stageTone[stage]} />
              <span class="shares">
                {ofPrevious !== undefined && (
                  <span>{texts.message.ofPrevious(numbers.percent(ofPrevious))}</span>
                )}
                {i > 1 && ofTarget !== undefined && (
                  <span>{texts.message.ofTarget(numbers.percent(ofTarget))}</span>
                )}
              </span>
            </dd>
          </div>
        )
      })}
    </dl>
  )
}
