"""What can be wrong with an APK's signature, or odd about it (签名问题), by code. The wording is ours.

They are the codes of `SignatureFault` (hegui.facts.package): as a fault, the signature does not hold or cannot be judged;
as a warning, it holds. A few codes can be either.

Sources of the conditions: AOSP, "Application signing" and its page on each scheme
(source.android.com/docs/security/features/apksigning); JAR File Specification, "Signed JAR File"; RFC 5652 (CMS). What
they leave open follows apksigner.
"""

from hegui.words import Words

CODES: dict[str, Words] = {
    # The file
    "TRAILING_DATA": Words("文件末尾有多余数据", "data after the end of the archive: Android refuses the file"),
    "ZIP_OFFSETS_SHIFTED": Words("压缩包偏移量错位", "offsets do not count from the file's start: Android refuses it"),
    "JANUS_PREPENDED_DATA": Words(
        "包首存在可执行代码（Janus 漏洞）", "a DEX before the archive, which Android 5 to 8 run and v1 does not cover"
    ),
    "PREPENDED_DATA": Words("包首存在签名未覆盖的数据", "data before the first entry, which v1 does not cover"),
    "SIGNING_BLOCK_MALFORMED": Words("APK 签名分块格式错误", "a malformed APK Signing Block: the platform ignores it"),
    # Which schemes are there
    "V1_MISSING": Words("缺少低版本系统所需的 v1 签名", "Android before 7 checks v1 only, and the package supports it"),
    "V1_ONLY_REFUSED": Words(
        "仅有 v1 签名，Android 11 及以上拒绝安装", "Android 11 refuses v1 alone for target 30 or later"
    ),
    "V3_MISSING": Words("有 v3.1 签名而无 v3 签名", "a v3.1 signature needs a v3 signature beside it"),
    "SCHEME_STRIPPED": Words("较新的签名被移除", "a newer signature that the signer announced has been removed"),
    "ROTATION_SDK_DIFFERS": Words("轮替起始版本不一致", "v3 and v3.1 name different API levels for the new key"),
    "SIGNERS_DIFFER": Words("各签名方案的签名者不一致", "the schemes are signed by different parties"),
    "NO_STRIP_PROTECTION": Words("v1 未声明较新的签名", "v1 does not announce the newer signatures"),
    "UNKNOWN_SCHEME": Words("未知的签名方案编号", "the signer announced a scheme that is not known here"),
    # Signers
    "NO_SIGNERS": Words("没有签名者", "the scheme is there, but nobody signed"),
    "TOO_MANY_SIGNERS": Words("签名者过多", "more signers than the platform accepts"),
    "SIGNER_MALFORMED": Words("签名者数据格式错误", "the data of a signer is malformed"),
    "NO_SUPPORTED_SIGNATURE": Words("没有平台支持的签名算法", "no signature the platform can check"),
    "ALGORITHM_NOT_CHECKED": Words("签名算法暂不支持校验", "an algorithm hegui cannot check; nothing is claimed"),
    "KEY_MALFORMED": Words("公钥格式错误", "the public key is malformed"),
    "KEY_NOT_CHECKED": Words("暂不支持该类公钥", "a kind of public key hegui cannot check; nothing is claimed"),
    "TOO_LARGE": Words("签名文件过大，未校验", "a signature file beyond the limit of reading; nothing is claimed"),
    "SIGNATURE_DOES_NOT_VERIFY": Words("签名值校验失败", "the signature was not made with this key over this data"),
    "CERTIFICATE_MALFORMED": Words("证书格式错误", "a certificate is malformed"),
    "NO_CERTIFICATE": Words("找不到签名证书", "the signer's certificate is not there"),
    "CERTIFICATE_NOT_FOR_SIGNING": Words("证书不得用于签名", "the certificate's key usage does not allow signing"),
    "KEY_NOT_OF_CERTIFICATE": Words("公钥与证书不符", "the key that signed is not that of the certificate"),
    "ALGORITHMS_DIFFER": Words("签名与摘要算法不对应", "signatures and digests name different algorithms"),
    "ALGORITHM_REFUSED": Words("部分系统版本不支持该算法", "a supported platform version cannot check this algorithm"),
    "SIGNED_ATTRIBUTES_REFUSED": Words("旧系统不校验签名属性", "signed attributes are not checked before Android 4.4"),
    "SDK_RANGE": Words("签名者的系统版本范围有误", "the platform ranges of the signers are wrong or leave a gap"),
    "UNKNOWN_ALGORITHM": Words("未知的签名算法", "a signature of unknown algorithm, ignored"),
    "UNKNOWN_ATTRIBUTE": Words("未知的附加属性", "an unknown attribute, ignored"),
    # Rotation
    "LINEAGE_MALFORMED": Words("密钥轮替证明格式错误", "the proof of rotation is malformed"),
    "LINEAGE_DOES_NOT_VERIFY": Words("密钥轮替证明校验失败", "an old key did not sign the one after it"),
    "LINEAGE_WITHOUT_SIGNER": Words("轮替证明不属于该签名者", "the proof of rotation does not end with the signer"),
    "LINEAGES_DIFFER": Words("轮替证明互相矛盾", "the proofs of rotation contradict each other"),
    "OLD_KEY_MAY_ROLL_BACK": Words("旧密钥仍可回滚应用", "an old key may still take the app back"),
    # Content
    "CONTENT_CHANGED": Words("签名后内容被改动", "the file was changed after signing"),
    "VERITY_NOT_ALIGNED": Words("签名分块未按页对齐", "a verity digest needs the signing block on page boundaries"),
    "MANIFEST_MISSING": Words("缺少 MANIFEST.MF", "META-INF/MANIFEST.MF is missing"),
    "MANIFEST_MALFORMED": Words("MANIFEST.MF 格式错误", "META-INF/MANIFEST.MF is malformed"),
    "MANIFEST_CHANGED": Words("MANIFEST.MF 签名后被改动", "the manifest was changed after signing"),
    "MANIFEST_DIGEST_UNUSED": Words("清单整体摘要不可用", "no valid digest of the whole manifest: its sections decide"),
    "SF_MISSING": Words("缺少 .SF 文件", "a signature without its .SF file, ignored"),
    "SF_MALFORMED": Words(".SF 文件格式错误", "the .SF file is malformed"),
    "DUPLICATE_ENTRY": Words("压缩包内文件重名", "two entries share a name: which one counts is not defined"),
    "ENTRY_MISSING": Words("清单中的文件不存在", "an entry the manifest names is missing"),
    "ENTRY_UNREADABLE": Words("文件无法读取", "an entry cannot be read as its headers say"),
    "ENTRY_NOT_SIGNED": Words("文件未被签名覆盖", "an entry that no signature covers"),
    "ENTRY_SIGNERS_DIFFER": Words("文件由不同签名者签名", "entries are signed by different sets of signers"),
    "ENTRY_CHANGED": Words("文件签名后被改动", "an entry was changed after signing"),
    "UNPROTECTED_ENTRIES": Words("META-INF 内有未受保护的文件", "files in META-INF that v1 does not cover"),
    # Strength
    "WEAK_DIGEST": Words("使用了弱摘要算法", "MD5 or SHA-1, for which collisions can be made"),
    "WEAK_KEY": Words("密钥强度不足", "a key too short for today"),
    "DEBUG_CERTIFICATE": Words("使用调试或公开的证书签名", "a debug or public test key, which proves nothing"),
    "SOURCE_STAMP_NOT_CHECKED": Words("未校验来源戳", "a source stamp, which no platform checks, nor hegui"),
}
