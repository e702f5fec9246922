// The examples of the reports that tell all stages of a message.
import type { Example } from './operation.ts'

export const messagesExample: Example = {
  query: { msg_ids: ['269978303'] },
  status: 200,
  answer: [
    {
      android: { received: 1, target: 4, online_push: 1, click: null, msg_click: null },
      ios: {
        apns_sent: 2,
        apns_target: 2,
        apns_received: 1,
        click: null,
        target: 10,
        received: 8,
      },
      winphone: { mpns_target: 100, mpns_sent: 100, click: 100 },
      msg_id: '269978303',
    },
  ],
}

const two = { target: 2, sent: 1 }

export const detailExample: Example = {
  query: { msg_ids: ['269978303'] },
  status: 200,
  answer: [
    {
      msg_id: 269978303,
      jpush: { target: 110, online_push: 90, received: 100, click: 80, msg_click: 60 },
      android_pns: {
        pns_target: 12,
        pns_sent: 6,
        xm_detail: two,
        hw_detail: two,
        mz_detail: two,
        oppo_detail: two,
        vivo_detail: two,
        fcm_detail: two,
      },
      ios: {
        apns_target: 100,
        apns_sent: 100,
        apns_received: 60,
        apns_click: 100,
        msg_target: 80,
        msg_received: 80,
      },
      winphone: { mpns_target: 100, mpns_sent: 100, click: 100 },
      details: {
        notification: {
          target: 242,
          sent: 206,
          received: 80,
          click: 280,
          sub_android: {
            jg_android: { target: 30, received: 20, click: 80 },
            xiaomi: two,
            huawei: two,
            meizu: two,
            oppo: two,
            vivo: two,
            fcm: two,
          },
          sub_ios: { apns: { target: 100, sent: 100, received: 60, click: 100 } },
        },
        message: {
          target: 80,
          received: 80,
          click: 60,
          sub_android: { jg_android: { click: 60 } },
          sub_ios: { jg_ios: { target: 80, received: 80 } },
        },
      },
    },
  ],
}

const none = { target: null, sent: null }

export const groupDetailExample: Example = {
  query: { group_msgids: ['c4hmbne09s6bbaca91vg'] },
  status: 200,
  answer: [
    {
      group_msgid: 'c4hmbne09s6bbaca91vg',
      group_msgids: 'c4hmbne09s6bbaca91vg',
      jpush: { target: null, online_push: null, received: 2, click: null, msg_click: null },
      android_pns: {
        pns_target: null,
        pns_sent: null,
        xm_detail: none,
        hw_detail: none,
        mz_detail: none,
        oppo_detail: none,
        vivo_detail: none,
        fcm_detail: none,
      },
      ios: {
        apns_target: null,
        apns_sent: null,
        apns_received: null,
        apns_click: null,
        msg_target: null,
        msg_received: null,
      },
      winphone: { mpns_target: null, mpns_sent: null, click: null },
      details: {
        notification: { received: 2, sub_android: { jg_android: { received: 2 } } },
      },
    },
  ],
}
