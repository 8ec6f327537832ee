//! What is written into the Login Audit Trail, and how its rows look to a query.

use hyper::header::USER_AGENT;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use std::sync::PoisonError;

use super::ServerState;
use super::message::Request;
use crate::emulator::log::{AuditColumns, AuditEntry, LoginAuditDetail, tail};
use crate::emulator::model::Account;
use crate::emulator::signin::{AssertionFault, TokenGrant};
use crate::emulator::switches::{AuditDelay, AuditRow, AuditZone};

/// Who is meant by a row: names of the integration record, the entity and the role.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Who<'a> {
    pub(super) integration: Option<&'a str>,
    pub(super) entity: Option<&'a str>,
    pub(super) role: Option<&'a str>,
}

impl<'a> From<&'a TokenGrant> for Who<'a> {
    fn from(grant: &'a TokenGrant) -> Self {
        Self {
            integration: Some(&grant.integration),
            entity: Some(&grant.entity),
            role: Some(&grant.role),
        }
    }
}

fn columns(account: &Account, request: &Request, who: Who<'_>) -> AuditColumns {
    let integration = who.integration.and_then(|name| account.integrations.get(name));
    let entity = who.entity.and_then(|name| account.entities.get(name));
    AuditColumns {
        application: integration.map(|integration| integration.name.clone()),
        user: entity.map(|entity| entity.id),
        email: entity.and_then(|entity| entity.email.clone()),
        role: who.role.and_then(|name| account.roles.get(name)).map(|role| role.id),
        request_uri: request.path.clone(),
        user_agent: request.header(&USER_AGENT).map(str::to_owned),
    }
}

impl ServerState {
    /// Notes a sign-in of an application.
    pub(super) fn login(&self, account: &Account, request: &Request, grant: &TokenGrant) {
        self.add(AuditEntry {
            at: self.now(),
            success: true,
            detail: None,
            client_id_tail: Some(tail(&grant.client_id)),
            certificate_id: grant.certificate_id.clone(),
            columns: columns(account, request, grant.into()),
            note: String::new(),
        });
    }

    /// Notes that somebody logged in in the browser, to no application yet.
    pub(super) fn logged_in(&self, account: &Account, request: &Request, entity: &str) {
        let who = Who { entity: Some(entity), ..Who::default() };
        self.add(AuditEntry {
            at: self.now(),
            success: true,
            detail: None,
            client_id_tail: None,
            certificate_id: None,
            columns: columns(account, request, who),
            note: "logged in in the browser".to_owned(),
        });
    }

    /// Notes a refused assertion. What it names is shown as far as the account knows it.
    pub(super) fn refused(&self, account: &Account, request: &Request, fault: &AssertionFault) {
        if self.switches.audit_row == AuditRow::None {
            return;
        }
        let integration = fault.client_id.as_deref().and_then(|id| account.integration(id));
        let mapping = fault.certificate_id.as_deref().and_then(|id| {
            account.certificates.iter().find(|mapping| mapping.certificate.id() == id)
        });
        let who = Who {
            integration: integration.map(|(name, _)| name),
            entity: mapping.map(|mapping| mapping.entity.as_str()),
            role: mapping.map(|mapping| mapping.role.as_str()),
        };
        self.add(AuditEntry {
            at: self.now(),
            success: false,
            detail: fault.detail,
            client_id_tail: fault.client_id.as_deref().map(tail),
            certificate_id: fault.certificate_id.clone(),
            columns: columns(account, request, who),
            note: fault.note.clone(),
        });
    }

    /// Notes a refused call with an access token.
    pub(super) fn refused_call(
        &self,
        account: &Account,
        request: &Request,
        detail: LoginAuditDetail,
        grant: Option<&TokenGrant>,
        note: &str,
    ) {
        self.add(AuditEntry {
            at: self.now(),
            success: false,
            detail: Some(detail),
            client_id_tail: grant.map(|grant| tail(&grant.client_id)),
            certificate_id: grant.and_then(|grant| grant.certificate_id.clone()),
            columns: columns(account, request, grant.map(Who::from).unwrap_or_default()),
            note: note.to_owned(),
        });
    }

    /// Notes a refused step of the authorization code grant.
    pub(super) fn refused_step(
        &self,
        account: &Account,
        request: &Request,
        detail: Option<LoginAuditDetail>,
        who: Who<'_>,
        note: &str,
    ) {
        let integration = who.integration.and_then(|name| account.integrations.get(name));
        self.add(AuditEntry {
            at: self.now(),
            success: false,
            detail,
            client_id_tail: integration.map(|own| tail(&own.client_id)),
            certificate_id: None,
            columns: columns(account, request, who),
            note: note.to_owned(),
        });
    }

    fn add(&self, entry: AuditEntry) {
        self.audit.lock().unwrap_or_else(PoisonError::into_inner).push(entry);
    }

    /// The rows that can be queried by now, oldest first.
    pub(super) fn audit_rows(&self) -> Vec<BTreeMap<String, String>> {
        let delay = match self.switches.audit_delay {
            AuditDelay::None => 0,
            AuditDelay::ThreeSeconds => 3,
            AuditDelay::OneMinute => 60,
        };
        let visible = self.now().as_second().saturating_sub(delay);
        let entries = self.audit.lock().unwrap_or_else(PoisonError::into_inner);
        let rows = entries.iter().filter(|entry| entry.at.as_second() <= visible);
        rows.map(|entry| row(entry, self.switches.audit_zone)).collect()
    }
}

/// The columns of `LoginAudit`. Source: `facts-2026-11.md` section 0.
pub(super) const AUDIT_COLUMNS: [&str; 12] = [
    "date",
    "detail",
    "emailaddress",
    "ipaddress",
    "oauthaccesstokenname",
    "oauthappname",
    "requesturi",
    "role",
    "secchallenge",
    "status",
    "user",
    "useragent",
];

/// One row; blank columns are absent. Dates are written so that they can be compared as texts.
fn row(entry: &AuditEntry, zone: AuditZone) -> BTreeMap<String, String> {
    let columns = &entry.columns;
    let detail = entry.detail.map(|detail| detail.as_str().to_owned());
    let status = if entry.success { "Success" } else { "Failure" };
    let all = [
        ("date", Some(written(entry.at, zone))),
        ("status", Some(status.to_owned())),
        ("detail", detail),
        ("ipaddress", Some("127.0.0.1".to_owned())),
        ("requesturi", Some(columns.request_uri.clone())),
        ("oauthappname", columns.application.clone()),
        ("emailaddress", columns.email.clone()),
        ("useragent", columns.user_agent.clone()),
        ("user", columns.user.map(|id| id.to_string())),
        ("role", columns.role.map(|id| id.to_string())),
    ];
    all.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

fn written(at: Timestamp, zone: AuditZone) -> String {
    let behind = match zone {
        AuditZone::Utc => 0,
        AuditZone::Pacific => 8,
    };
    let at = at.checked_sub(SignedDuration::from_hours(behind)).unwrap_or(at);
    at.strftime("%Y-%m-%d %H:%M:%S").to_string()
}
