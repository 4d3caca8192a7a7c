//! Keys as people name them.

use const_oid::db::{DB, rfc5912};
use der::Decode;
use der::referenced::OwnedToRef;
use spki::SubjectPublicKeyInfoOwned;

use super::RSA_ENCRYPTION;
use super::pss::ID_RSASSA_PSS;

/// The kind of a public key, whether it can be used here or not.
pub(in crate::sign) fn key_name(public: &SubjectPublicKeyInfoOwned) -> String {
    let key = public.owned_to_ref();
    let rsa = |name: &str| match modulus(key.subject_public_key.raw_bytes()) {
        Some(bits) => format!("{name} {bits} bits"),
        None => name.to_owned(),
    };
    match public.algorithm.oid {
        rfc5912::ID_EC_PUBLIC_KEY => match key.algorithm.parameters_oid() {
            Ok(rfc5912::SECP_256_R_1) => "ECDSA P-256".into(),
            Ok(rfc5912::SECP_384_R_1) => "ECDSA P-384".into(),
            Ok(curve) => format!("ECDSA {}", DB.by_oid(&curve).unwrap_or(&curve.to_string())),
            Err(_) => "ECDSA".into(),
        },
        RSA_ENCRYPTION => rsa("RSA"),
        ID_RSASSA_PSS => rsa("RSASSA-PSS"),
        other => DB.by_oid(&other).unwrap_or(&other.to_string()).to_owned(),
    }
}

/// The length of the modulus in bits.
fn modulus(key: &[u8]) -> Option<usize> {
    let key = rsa::pkcs1::RsaPublicKeyRef::from_der(key).ok()?;
    let bytes = key.modulus.as_bytes();
    let unused = bytes.first()?.leading_zeros();
    Some(bytes.len() * 8 - usize::try_from(unused).ok()?)
}
