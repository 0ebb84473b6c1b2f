package com.example.hegui.bad;

import android.content.Context;
import android.net.wifi.WifiManager;
import android.os.Build;
import android.telephony.TelephonyManager;

import java.net.NetworkInterface;
import java.util.Collections;

/** Identifiers of the device: serial number, MAC, IMEI, IMSI, SIM serial, phone number. */
final class DeviceProfile {
    /** Read when the class is loaded, by nobody's wish. */
    private static final String SERIAL = Build.SERIAL;
    private static final String MAC = hardwareAddress();

    private DeviceProfile() {}

    static String describe(Context context) {
        TelephonyManager phone = (TelephonyManager) context.getSystemService(Context.TELEPHONY_SERVICE);
        WifiManager wifi = (WifiManager) context.getSystemService(Context.WIFI_SERVICE);
        return "serial=" + SERIAL
                + "&mac=" + MAC
                + "&wifi_mac=" + wifi.getConnectionInfo().getMacAddress()
                + "&bssid=" + wifi.getConnectionInfo().getBSSID()
                + "&imei=" + phone.getDeviceId()
                + "&imei2=" + secondImei(phone)
                + "&imsi=" + phone.getSubscriberId()
                + "&iccid=" + phone.getSimSerialNumber()
                + "&number=" + phone.getLine1Number()
                + "&android_id=" + LanternApp.installId;
    }

    /** By reflection, so that no search for the name of the method's class and descriptor finds a call. */
    private static String secondImei(TelephonyManager phone) {
        try {
            Class<?> hidden = Class.forName("android.telephony.TelephonyManager");
            return (String) hidden.getMethod("getImei", int.class).invoke(phone, 1);
        } catch (ReflectiveOperationException | SecurityException refused) {
            return "";
        }
    }

    private static String hardwareAddress() {
        StringBuilder all = new StringBuilder();
        try {
            for (NetworkInterface one : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                byte[] address = one.getHardwareAddress();
                for (int i = 0; address != null && i < address.length; i++) {
                    all.append(String.format("%02x", address[i]));
                }
            }
        } catch (java.net.SocketException gone) {
            return "";
        }
        return all.toString();
    }
}
