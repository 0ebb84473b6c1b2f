"""Whether the signatures of an APK hold (签名校验): v1 in META-INF, v2, v3 with key rotation, and v3.1.

A signature has to hold on every platform from the package's lowest API level to the newest, as the platform itself and
apksigner see it: a platform checks the newest scheme it knows and finds, and never an older one beside it. So v1 counts
below API level 24 or when nothing newer is there, v2 below 28 or when there is no v3, v3 from 28, v3.1 from 33.

`facts` is the way in. `block` checks v2 and later; `jar` checks v1, with `cms_block` over `signature_file` over
`jar_manifest` over `jar_entry`, as they sign one another. `keys` and `findings` serve both.

Sources: AOSP, "Application signing" and its page on each scheme (source.android.com/docs/security/features/apksigning);
JAR File Specification, "Signed JAR File"; RFC 5652 (CMS). What they leave open follows apksigner, the platform's own
reference verifier; bench/signature_oracle.py compares the verdicts.
"""

from hegui.readers.apk.signature.facts import signature_facts

__all__ = ["signature_facts"]
