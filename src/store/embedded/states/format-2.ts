// The numbers of format 1 and 2: the tracks, the stages and the selections of the one table that all their
// directories have. They stand on disks, and never change.
import type { Cell } from '../../../ledger/channel.ts'
import type { FactTable } from '../../../ledger/selection.ts'
import { extendTable, noTable, type StoredTable } from './stored-table.ts'

const tracks = `
  android/jpush/notification android/jpush/message android/xm/notification android/xm/message
  android/hw/notification android/hw/message android/mz/notification android/mz/message
  android/oppo/notification android/oppo/message android/vivo/notification android/vivo/message
  android/fcm/notification android/fcm/message android/honor/notification android/honor/message
  android/asus/notification android/asus/message android/nio/notification android/nio/message
  ios/jpush/message ios/apns/notification ios/apns/message winphone/jpush/notification
  winphone/jpush/message winphone/mpns/notification winphone/mpns/message hmos/jpush/notification
  hmos/jpush/message hmos/hmpns/notification hmos/hmpns/message quickapp/jpush/notification
  quickapp/jpush/message quickapp/xm/notification quickapp/xm/message quickapp/hw/notification
  quickapp/hw/message quickapp/oppo/notification quickapp/oppo/message`

const stages = 'target online_push sent received display click'

/** Each as the number of its stage and those of its tracks. */
const selections = `
  3:0-19 2:21-22 3:21-22 3:20 2:25-26 3:0-1,20 2:2-19 3:2-19 3:31-32 2:33-38 2:29-30 3:29-30 3:28
  0:0-19 1:0-1 5:0,2,4,6,8,10,12,14,16,18 5:1,3,5,7,9,11,13,15,17,19 0:21-22 5:21 0:20 0:25-26
  5:25-26 0:0-1,20 1:0-1,20 5:0 5:1,20 2:0-1,20 4:0-1,20 0:2-19 0:2-3 2:2-3 3:2-3 4:2-3 0:4-5
  2:4-5 3:4-5 4:4-5 0:6-7 2:6-7 3:6-7 4:6-7 0:8-9 2:8-9 3:8-9 4:8-9 0:10-11 2:10-11 3:10-11
  4:10-11 0:12-13 2:12-13 3:12-13 4:12-13 4:2-19 0:14-15 2:14-15 3:14-15 4:14-15 0:16-17 2:16-17
  3:16-17 4:16-17 0:18-19 2:18-19 3:18-19 4:18-19 5:21-22 4:21-22 5:20 4:20
  0:0,2,4,6,8,10,12,14,16,18,21,23,25,27,29,31,33,35,37
  2:0,2,4,6,8,10,12,14,16,18,21,23,25,27,29,31,33,35,37
  3:0,2,4,6,8,10,12,14,16,18,21,23,25,27,29,31,33,35,37
  4:0,2,4,6,8,10,12,14,16,18,21,23,25,27,29,31,33,35,37
  5:0,2,4,6,8,10,12,14,16,18,21,23,25,27,29,31,33,35,37 0:0 2:0 3:0 4:0 0:2 2:2 3:2 4:2 5:2 0:4
  2:4 3:4 4:4 5:4 0:14 2:14 3:14 4:14 5:14 0:6 2:6 3:6 4:6 5:6 0:8 2:8 3:8 4:8 5:8 0:10 2:10 3:10
  4:10 5:10 0:16 2:16 3:16 4:16 5:16 0:12 2:12 3:12 4:12 5:12 0:18 2:18 3:18 4:18 5:18 0:21 2:21
  3:21 4:21 0:31 2:31 3:31 4:31 5:31 0:33 2:33 3:33 4:33 5:33 0:35 2:35 3:35 4:35 5:35 0:37 2:37
  3:37 4:37 5:37 0:29 2:29 3:29 4:29 5:29 0:1,3,5,7,9,11,13,15,17,19-20,22,24,26,28,30,32,34,36,38
  2:1,3,5,7,9,11,13,15,17,19-20,22,24,26,28,30,32,34,36,38
  3:1,3,5,7,9,11,13,15,17,19-20,22,24,26,28,30,32,34,36,38
  4:1,3,5,7,9,11,13,15,17,19-20,22,24,26,28,30,32,34,36,38
  5:1,3,5,7,9,11,13,15,17,19-20,22,24,26,28,30,32,34,36,38 0:1 2:1 3:1 4:1 5:1 0:3 2:3 3:3 4:3 5:3
  0:5 2:5 3:5 4:5 5:5 0:15 2:15 3:15 4:15 5:15 0:7 2:7 3:7 4:7 5:7 0:9 2:9 3:9 4:9 5:9 0:11 2:11
  3:11 4:11 5:11 0:17 2:17 3:17 4:17 5:17 0:13 2:13 3:13 4:13 5:13 0:19 2:19 3:19 4:19 5:19 2:20
  0:22 2:22 3:22 4:22 5:22 0:32 2:32 3:32 4:32 5:32 0:34 2:34 3:34 4:34 5:34 0:36 2:36 3:36 4:36
  5:36 0:38 2:38 3:38 4:38 5:38 0:30 2:30 3:30 4:30 5:30`

const wordsOf = (text: string): readonly string[] => text.trim().split(/\s+/)

const numbersIn = (ranges: string): readonly number[] =>
  ranges.split(',').flatMap((range) => {
    const [first = 0, last = first] = range.split('-').map(Number)
    return Array.from({ length: last - first + 1 }, (_, i) => first + i)
  })

/** As the program of format 2 had it: a cell is track × 6 + stage. */
export const factTableBefore3: FactTable = {
  tracks: wordsOf(tracks),
  stages: wordsOf(stages),
  selections: wordsOf(selections).map((selection) => {
    const [stage = '', ranges = ''] = selection.split(':')
    const { length } = wordsOf(stages)
    return numbersIn(ranges).map((track) => (track * length + Number(stage)) as Cell)
  }),
}

/** The table of a directory that was brought up to date, before anything was added to it. */
export const tableBefore3: StoredTable = extendTable(noTable, factTableBefore3)
