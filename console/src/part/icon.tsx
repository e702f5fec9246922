// The few icons, drawn with strokes in the colour of the text beside them. They say nothing that the
// text does not say.

const paths = {
  overview: 'M3 13h5v7H3zM10 4h5v16h-5zM17 9h4v11h-4z',
  messages: 'M4 5h16v11H9l-5 4z',
  devices: 'M7 3h10v18H7zM11 18h2',
  feed: 'M3 12h4l3-8 4 16 3-8h4',
  chevron: 'M6 9l6 6 6-6',
  back: 'M15 5l-7 7 7 7',
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  left: 'M14 6l-6 6 6 6',
  right: 'M10 6l6 6-6 6',
  whole: 'M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  download: 'M12 4v11M7 11l5 5 5-5M4 20h16',
  check: 'M5 12l5 5 9-10',
  search: 'M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM20 20l-4.8-4.8',
  leave: 'M14 4H5v16h9M10 12h11M17 8l4 4-4 4',
} as const
export type IconName = keyof typeof paths

export const Icon = ({ name }: { readonly name: IconName }) => (
  <svg class="icon" viewBox="0 0 24 24" width="16" height="16" aria-hidden="true" focusable="false">
    <path d={paths[name]} />
  </svg>
)
