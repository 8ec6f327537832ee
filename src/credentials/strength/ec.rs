//! Elliptic curve keys.

use openssl::bn::{BigNum, BigNumContext};
use openssl::ec::{Asn1Flag, EcGroupRef, EcKeyRef, EcPointRef};
use openssl::error::ErrorStack;
use openssl::pkey::Private;

use super::Flaw;
use crate::credentials::Curve;

/// The name of a curve for messages.
pub(super) fn curve_name(group: &EcGroupRef) -> String {
    let Some(nid) = group.curve_name() else {
        return format!("of {} bits without a name", group.degree());
    };
    match Curve::from_nid(nid) {
        Some(curve) => curve.name().to_owned(),
        None => nid.short_name().unwrap_or("without a name").to_owned(),
    }
}

pub(super) fn judge_group(group: &EcGroupRef, flaws: &mut Vec<Flaw>) {
    // For explicit parameters of a known curve the name is still there.
    if group.asn1_flag() == Asn1Flag::EXPLICIT_CURVE {
        flaws.push(Flaw::ExplicitCurve);
    }
    if group.curve_name().and_then(Curve::from_nid).is_none() {
        flaws.push(Flaw::OtherCurve(curve_name(group)));
    }
}

pub(super) fn judge_point(
    group: &EcGroupRef,
    point: &EcPointRef,
    flaws: &mut Vec<Flaw>,
) -> Result<(), ErrorStack> {
    let mut context = BigNumContext::new()?;
    if point.is_infinity(group) || !point.is_on_curve(group, &mut context)? {
        flaws.push(Flaw::PointInvalid);
    }
    Ok(())
}

pub(super) fn judge_private(
    key: &EcKeyRef<Private>,
    flaws: &mut Vec<Flaw>,
) -> Result<(), ErrorStack> {
    let mut context = BigNumContext::new()?;
    let mut order = BigNum::new()?;
    key.group().order(&mut order, &mut context)?;
    let mut last = order.to_owned()?;
    last.sub_word(1)?;
    let one = BigNum::from_u32(1)?;
    let scalar = key.private_key();
    if *scalar <= *one || scalar == &*last {
        flaws.push(Flaw::TrivialScalar);
    }
    if key.check_key().is_err() {
        flaws.push(Flaw::Inconsistent);
    }
    Ok(())
}
