// A part that is drawn again only when one of its properties is another: for the rows of long lists.
import { Component, type ComponentType, type FunctionComponent, h } from 'preact'

export const memo = <Props extends object>(part: FunctionComponent<Props>): ComponentType<Props> =>
  class extends Component<Props> {
    override shouldComponentUpdate(next: Readonly<Props>): boolean {
      const names = Object.keys(next) as (keyof Props)[]
      return names.some((name) => !Object.is(next[name], this.props[name]))
    }

    override render() {
      return h(part, this.props)
    }
  }
