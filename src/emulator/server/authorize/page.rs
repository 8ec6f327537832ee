//! What the authorize page shows. The title of the login form is NetSuite's; that of the consent
//! screen is not on record, its buttons are (OH/section_158081944642).

use hyper::StatusCode;
use maud::{DOCTYPE, Markup, html};

use crate::emulator::model::role::{Entity, MANAGE_APPLICATIONS, Role};
use crate::emulator::model::{Account, GrantedLevel};
use crate::emulator::server::message::Reply;
use crate::emulator::signin::authorize::{AUTHORIZE_PATH, AuthorizeRequest};

const STYLE: &str = "body{font-family:sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem}\
                     label,button{margin:.4rem 0}label{display:block}.note{color:#555}.wrong{color:#a00}";

fn page(status: StatusCode, title: &str, inner: &Markup) -> Reply {
    let whole = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (STYLE) }
            }
            body {
                main { (inner) }
                footer {
                    p.note {
                        "This is an emulated account; no NetSuite account is behind this page."
                    }
                }
            }
        }
    };
    Reply::new(status, "text/html;charset=utf-8", whole.into_string())
}

/// A message, and nothing to do.
pub(super) fn notice(status: StatusCode, text: &str) -> Reply {
    page(status, "NetSuite - Error", &html! { h1 { "Error" } p.wrong { (text) } })
}

fn wrong(text: Option<&str>) -> Markup {
    html! { @if let Some(text) = text { p.wrong role="alert" { (text) } } }
}

/// The login form.
pub(super) fn log_in(
    account: &Account,
    request: &AuthorizeRequest,
    number: &str,
    text: Option<&str>,
) -> Reply {
    let users =
        account.entities.values().filter_map(|entity| Some((entity, entity.email.as_ref()?)));
    let inner = html! {
        h1 { "Log In" }
        p { (application(account, request)) " asks to sign in to " (account.company) "." }
        p.note { "Choose who you are. No password is asked for." }
        (wrong(text))
        form method="post" action=(AUTHORIZE_PATH) {
            input type="hidden" name="flow" value=(number);
            @for (entity, email) in users {
                label { input type="radio" name="email" value=(email) required; " "
                    (entity.name) " (" (email) ")" }
            }
            button type="submit" { "Log In" }
        }
    };
    page(StatusCode::OK, "NetSuite - Customer Login", &inner)
}

fn application<'a>(account: &'a Account, request: &AuthorizeRequest) -> &'a str {
    account.integrations.get(&request.integration).map_or("", |own| own.name.as_str())
}

/// The consent screen: the role, Allow and Deny.
pub(super) fn consent(
    account: &Account,
    request: &AuthorizeRequest,
    number: &str,
    entity: &Entity,
    text: Option<&str>,
) -> Reply {
    let roles: Vec<&Role> = entity
        .roles
        .iter()
        .filter_map(|name| account.roles.get(name))
        .filter(|role| !role.inactive)
        .collect();
    let chosen = roles.iter().find(|role| role.can_authorize()).map(|role| role.id);
    let inner = html! {
        h1 { "Application Authorization" }
        p { (application(account, request)) " asks for access to " (account.company)
            " (" (account.id.account()) ") as " (entity.name) "." }
        ul { @for scope in &request.scopes { li { (scope.as_str()) } } }
        (wrong(text))
        form method="post" action=(AUTHORIZE_PATH) {
            input type="hidden" name="flow" value=(number);
            h2 { "Choose a role" }
            @for role in &roles {
                label {
                    input type="radio" name="role" value=(role.id) checked[chosen == Some(role.id)]
                        disabled[!role.can_authorize()];
                    " " (role.name)
                    @if let Some(why) = why_not(role) { span.note { " (" (why) ")" } }
                }
            }
            @if chosen.is_some() {
                button type="submit" name="decision" value="allow" { "Allow" }
            } @else {
                p.wrong { "None of these roles can authorize an application." }
            }
            " "
            button type="submit" name="decision" value="deny" { "Deny" }
        }
    };
    page(StatusCode::OK, "NetSuite - Application Authorization", &inner)
}

fn why_not(role: &Role) -> Option<&'static str> {
    if role.can_authorize() {
        None
    } else if role.grant(MANAGE_APPLICATIONS) > GrantedLevel::None {
        Some("it manages authorized applications and cannot sign in to one")
    } else {
        Some("it lacks Log in using OAuth 2.0 Access Tokens")
    }
}
