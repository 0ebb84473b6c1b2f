"""Names and numbers of AndroidManifest.xml, as the platform has them."""

MANIFEST = "AndroidManifest.xml"
TABLE = "resources.arsc"
MAX_MANIFEST_BYTES = 32 << 20
MAX_TABLE_BYTES = 256 << 20
MAX_NOTES = 200

# Resource ids of android.R.attr, from AOSP core/res/res/values/public*.xml.
ATTR = {
    "label": 0x01010001,
    "name": 0x01010003,
    "permission": 0x01010006,
    "readPermission": 0x01010007,
    "protectionLevel": 0x01010009,
    "sharedUserId": 0x0101000B,
    "enabled": 0x0101000E,
    "debuggable": 0x0101000F,
    "exported": 0x01010010,
    "process": 0x01010011,
    "authorities": 0x01010018,
    "priority": 0x0101001C,
    "description": 0x01010020,
    "value": 0x01010024,
    "resource": 0x01010025,
    "scheme": 0x01010027,
    "targetActivity": 0x01010202,
    "minSdkVersion": 0x0101020C,
    "versionCode": 0x0101021B,
    "versionName": 0x0101021C,
    "targetSdkVersion": 0x01010270,
    "maxSdkVersion": 0x01010271,
    "testOnly": 0x01010272,
    "allowBackup": 0x01010280,
    "fullBackupContent": 0x010104EB,
    "usesCleartextTraffic": 0x010104EC,
    "directBootAware": 0x01010505,
    "networkSecurityConfig": 0x01010527,
    "requiredFeature": 0x01010554,
    "requiredNotFeature": 0x01010555,
    "isFeatureSplit": 0x0101055B,
    "compileSdkVersion": 0x01010572,
    "versionCodeMajor": 0x01010576,
    "isSplitRequired": 0x01010591,
    "foregroundServiceType": 0x01010599,
    "dataExtractionRules": 0x0101063E,
    "usesPermissionFlags": 0x01010644,
    "requiredSplitTypes": 0x0101064E,
    "splitTypes": 0x0101064F,
}

# Build.VERSION_CODES by the code name a pre-release manifest may hold instead of a number.
CODENAMES = {
    "L": 21, "M": 23, "N": 24, "O": 26, "P": 28, "Q": 29, "R": 30, "S": 31, "Sv2": 32, "Tiramisu": 33,
    "UpsideDownCake": 34, "VanillaIceCream": 35, "Baklava": 36,
}  # fmt: skip
CUR_DEVELOPMENT = 10_000

# ServiceInfo.FOREGROUND_SERVICE_TYPE_*
FOREGROUND_TYPES = {
    1 << 0: "dataSync", 1 << 1: "mediaPlayback", 1 << 2: "phoneCall", 1 << 3: "location", 1 << 4: "connectedDevice",
    1 << 5: "mediaProjection", 1 << 6: "camera", 1 << 7: "microphone", 1 << 8: "health", 1 << 9: "remoteMessaging",
    1 << 10: "systemExempted", 1 << 11: "shortService", 1 << 12: "fileManagement", 1 << 13: "mediaProcessing",
    1 << 30: "specialUse",
}  # fmt: skip

# PermissionInfo.PROTECTION_*: the base in four bits, then flags.
PROTECTION_BASE = ("normal", "dangerous", "signature", "signatureOrSystem", "internal")
PROTECTION_FLAGS = {
    0x10: "privileged", 0x20: "development", 0x40: "appop", 0x80: "pre23", 0x100: "installer", 0x200: "verifier",
    0x400: "preinstalled", 0x800: "setup", 0x1000: "instant", 0x2000: "runtime", 0x4000: "oem",
    0x8000: "vendorPrivileged", 0x10000: "textClassifier", 0x20000: "wellbeing", 0x40000: "documenter",
    0x80000: "configurator", 0x100000: "incidentReportApprover", 0x200000: "appPredictor", 0x400000: "module",
    0x800000: "companion", 0x1000000: "retailDemo", 0x2000000: "recents", 0x4000000: "role", 0x8000000: "knownSigner",
}  # fmt: skip
