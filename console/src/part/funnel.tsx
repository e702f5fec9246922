// How far a push came: the devices at each stage, in small for a list and in large for a page.
import { type Counts, STAGES, type Stage, stageShare } from '../field/stage.ts'
import { useNumbers, useTexts } from '../state/language.ts'
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

interface FunnelProps {
  readonly counts: Counts
  /** What they add up, where that is known. */
  readonly rows?: readonly Counts[]
}

/** A share is left out where there is nothing to be a share of, and a dash where it is none. */
export const Funnel = ({ counts, rows = [] }: FunnelProps) => {
  const texts = useTexts()
  const numbers = useNumbers()
  const shown = STAGES.filter((stage) => isShown(counts, stage))
  return (
    <dl class="funnel">
      {shown.map((stage, i) => {
        const before = shown[i - 1]
        const percentOf = (whole: Stage) => numbers.percent(stageShare(counts, stage, whole, rows))
        return (
          <div key={stage}>
            <dt>{texts.stages[stage]}</dt>
            <dd>
              <strong data-testid={`stage-${stage}`}>
                <Count>{counts[stage]}</Count>
              </strong>
              <Bar share={counts[stage] / widest(counts)} tone={stageTone[stage]} />
              <span class="shares">
                {before !== undefined && counts[before] > 0 && (
                  <span>{texts.message.ofPrevious(percentOf(before))}</span>
                )}
                {i > 1 && counts.target > 0 && (
                  <span>{texts.message.ofTarget(percentOf('target'))}</span>
                )}
              </span>
            </dd>
          </div>
        )
      })}
    </dl>
  )
}
