// A bar as long as a share of its place. It says nothing that the number beside it does not say.

interface BarProps {
  /** 0 … 1 */
  readonly share: number
  readonly tone: number
}

export const Bar = ({ share, tone }: BarProps) => (
  <span class="bar" aria-hidden="true">
    <span class={`tone-${tone}`} style={{ width: `${Math.min(100, Math.max(0, share * 100))}%` }} />
  </span>
)
