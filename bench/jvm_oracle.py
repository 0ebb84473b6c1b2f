"""Call sites in class files, held against `javap` of the installed JDK: every wanted call and field read, by offset.

    ./run dev python bench/jvm_oracle.py [FOLDER]

FOLDER (default ../shared/materials/sdk) holds .jar and .aar files. Prints a line per archive and every difference; the
exit code is 1 when there is one. Without javap or materials it says so and ends with 0.
"""

import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from hegui.readers.apk.container import Container
from hegui.readers.dex.targets import Target, Targets
from hegui.readers.jvm.class_file import ClassFile
from hegui.readers.jvm.sites import Scanned, Wanted, scan
from hegui.readers.sdk.archive import Jar, jars_of
from hegui.readers.sdk.recognise import kind_of

MATERIALS = Path(__file__).parents[2] / "shared/materials/sdk"

# Personal information, and common Java besides, so that many sites are compared.
METHODS = {
    "android/telephony/TelephonyManager": "getDeviceId getSubscriberId getSimSerialNumber getLine1Number getImei getMeid "
    "getCellLocation getAllCellInfo getNetworkOperator getNetworkOperatorName getSimOperator getNetworkType getSimState",
    "android/provider/Settings$Secure": "getString getInt",
    "android/provider/Settings$System": "getString getInt putString",
    "android/net/wifi/WifiManager": "getConnectionInfo getScanResults isWifiEnabled startScan",
    "android/net/wifi/WifiInfo": "getMacAddress getSSID getBSSID getIpAddress",
    "android/location/LocationManager": "getLastKnownLocation requestLocationUpdates isProviderEnabled getProviders",
    "android/location/Location": "getLatitude getLongitude getTime",
    "android/content/pm/PackageManager": "getInstalledPackages getInstalledApplications queryIntentActivities "
    "getPackageInfo getApplicationInfo checkPermission queryIntentServices",
    "android/app/ActivityManager": "getRunningAppProcesses getRunningTasks getRunningServices getMemoryInfo",
    "android/content/Context": "getSystemService getContentResolver getPackageManager checkCallingOrSelfPermission "
    "getSharedPreferences checkPermission getPackageName registerReceiver startService bindService",
    "android/content/ContentResolver": "query insert openInputStream",
    "android/bluetooth/BluetoothAdapter": "getAddress getName getDefaultAdapter",
    "android/net/ConnectivityManager": "getActiveNetworkInfo getNetworkInfo",
    "android/net/NetworkInfo": "isConnected getType getExtraInfo getSubtype",
    "android/content/ClipboardManager": "getPrimaryClip setPrimaryClip",
    "android/os/Environment": "getExternalStorageDirectory getExternalStorageState",
    "android/os/Handler": "post postDelayed sendMessage",
    "java/net/NetworkInterface": "getHardwareAddress getNetworkInterfaces getName",
    "java/lang/Class": "forName getMethod newInstance",
    "java/lang/reflect/Method": "invoke",
    "java/lang/Runtime": "exec getRuntime",
    "java/lang/String": "getBytes equals format",
    "java/lang/StringBuilder": "append <init>",
    "java/lang/Thread": "start currentThread",
    "java/lang/System": "currentTimeMillis loadLibrary",
    "java/util/Map": "put get",
    "java/io/File": "exists <init>",
}
FIELDS = {
    "android/os/Build": "SERIAL MODEL BRAND MANUFACTURER FINGERPRINT DEVICE BOARD",
    "android/os/Build$VERSION": "SDK_INT RELEASE",
    "android/content/pm/PackageInfo": "versionName versionCode signatures",
    "android/provider/ContactsContract$Contacts": "CONTENT_URI",
    "java/util/Locale": "US",
}

Site = tuple[str, str, int, str]

_CODE = re.compile(
    r" +(\d+): (?:invoke(?:virtual|special|static|interface)|get(?:static|field)) .*// "
    r"(?:Interface)?(Method|Field) (.+)"
)
_THIS = re.compile(r" *this_class: #\d+ +// (.+)")


def members(of: dict[str, str]) -> dict[str, set[str]]:
    return {owner: set(names.split()) for owner, names in of.items()}


def targets() -> Wanted:
    written = [("method", f"L{owner};->{name}") for owner, names in METHODS.items() for name in names.split()]
    written += [("field", f"L{owner};->{name}") for owner, names in FIELDS.items() for name in names.split()]
    return Wanted(Targets([Target(target, kind, (target,)) for kind, target in written]))


def ours(jar: Jar, wanted: Wanted) -> set[Site]:
    found = Scanned()
    for name in jar.class_names():
        scan(ClassFile(jar.content(name), name), wanted, None, found)
    if found.faults:
        raise SystemExit(f"faults: {found.faults[:3]}")
    return {(site.cls, site.method, site.offset, site.target) for site in found.sites if site.kind in ("call", "field")}


def javaps(jar: Jar) -> set[Site]:
    """The same from what javap prints of each class, unpacked under a number of its own."""
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, name in enumerate(jar.class_names()):
            path = Path(folder, f"{number}.class")
            path.write_bytes(jar.content(name))
            paths.append(str(path))
        lines = []
        for first in range(0, len(paths), 200):
            command = ["javap", "-J-Duser.language=en", "-J-Dfile.encoding=UTF-8", "-c", "-p", "-v"]
            done = subprocess.run([*command, *paths[first : first + 200]], capture_output=True, check=False)
            lines += done.stdout.decode("utf-8", "replace").splitlines()
    return set(parsed(lines))


def parsed(lines: list[str]) -> Iterator[Site]:
    methods, fields = members(METHODS), members(FIELDS)
    cls = header = method = ""
    for line in lines:
        if match := _THIS.fullmatch(line):
            cls = match[1].strip('"')
        elif line.startswith("  ") and line[2:3] not in (" ", "") and line.rstrip().endswith(";"):
            header = line
        elif line.startswith("    descriptor: "):
            method = name_of(header, cls) + line.removeprefix("    descriptor: ")
        elif match := _CODE.match(line):
            member, _, descriptor = match[3].rpartition(":")
            owner, dot, name = member.rpartition(".")
            owner, name = (owner if dot else cls).strip('"'), name.strip('"')
            if match[2] == "Method" and name in methods.get(owner, ()):
                yield f"L{cls};", method, int(match[1]), f"L{owner};->{name}{descriptor}"
            elif match[2] == "Field" and name in fields.get(owner, ()):
                yield f"L{cls};", method, int(match[1]), f"L{owner};->{name}:{descriptor}"


def name_of(header: str, cls: str) -> str:
    """The method's name from its declaration as javap writes it."""
    if header.strip() == "static {};":
        return "<clinit>"
    name = header.partition("(")[0].split(" ")[-1]
    return "<init>" if name == cls.replace("/", ".") else name


def archives(folder: Path) -> Iterator[tuple[str, Jar]]:
    for path in sorted(folder.glob("*.[aj]ar")):
        container = Container.open(path)
        jars = [Jar("", container)] if kind_of(container) == "jar" else jars_of(container)
        for jar in jars:
            if isinstance(jar, Jar):
                yield f"{path.name} {jar.name}".rstrip(), jar


def main() -> int:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else MATERIALS
    if shutil.which("javap") is None or not folder.is_dir():
        print("skipped: needs javap of a JDK, and a folder of .jar and .aar files")
        return 0
    wanted = targets()
    total = wrong = 0
    for label, jar in archives(folder):
        began = time.process_time()
        found = ours(jar, wanted)
        took = time.process_time() - began
        expected = javaps(jar)
        total += len(expected)
        wrong += len(found ^ expected)
        print(f"{label}: {len(expected)} sites by javap, {len(found)} by hegui in {took:.2f} s of CPU")
        for site in sorted(found ^ expected):
            print(f"  only {'hegui' if site in found else 'javap'}: {site}")
    count = sum(len(names.split()) for names in (*METHODS.values(), *FIELDS.values()))
    print(f"{count} targets, {total} sites, {wrong} differences")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
