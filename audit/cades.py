"""CAdES signatures made with a company seal, with asn1crypto.

`cryptography`'s own PKCS#7 builder writes no signing-certificate-v2, which `openssl cms -verify -cades` wants: the few
structures of CAdES-B are put together here.
"""

from hashlib import sha256

from asn1crypto import cms, tsp, x509

from audit.seal import Seal


def cades(content: bytes, seal: Seal) -> bytes:
    """A detached CAdES-B signature (DER) of `content`. Source: ETSI EN 319 122-1; RFC 5035 (signing-certificate-v2)."""
    certificates = [x509.Certificate.load(one) for one in seal.chain]
    certificate = certificates[0]
    attributes = _attributes(sha256(content).digest(), certificate, seal.fingerprint)
    identifier = {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
    signer = {
        "version": "v1",
        "sid": cms.SignerIdentifier("issuer_and_serial_number", identifier),
        "digest_algorithm": {"algorithm": "sha256"},
        "signed_attrs": attributes,
        "signature_algorithm": {"algorithm": seal.algorithm},
        "signature": seal.sign(attributes.dump()),
    }
    data = {
        "version": "v1",
        "digest_algorithms": [{"algorithm": "sha256"}],
        "encap_content_info": {"content_type": "data"},
        "certificates": certificates,
        "signer_infos": [signer],
    }
    signed: bytes = cms.ContentInfo({"content_type": "signed_data", "content": data}).dump()
    return signed


def _attributes(digest: bytes, certificate: x509.Certificate, fingerprint: str) -> cms.CMSAttributes:
    issuer = {"issuer": [x509.GeneralName("directory_name", certificate.issuer)],
              "serial_number": certificate.serial_number}  # fmt: skip
    which = tsp.ESSCertIDv2({"cert_hash": bytes.fromhex(fingerprint), "issuer_serial": issuer})
    return cms.CMSAttributes(
        [
            cms.CMSAttribute({"type": "content_type", "values": ["data"]}),
            cms.CMSAttribute({"type": "message_digest", "values": [digest]}),
            cms.CMSAttribute(
                {"type": "signing_certificate_v2", "values": [tsp.SigningCertificateV2({"certs": [which]})]}
            ),
        ]
    )
