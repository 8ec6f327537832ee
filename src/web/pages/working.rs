//! What is shown while something is done. All rows are there from the beginning, and each has its
//! place: nothing moves.

use maud::{Markup, html};

use crate::checks::ALL;
use crate::report::handbook;
use crate::report::words;
use crate::types::Status;
use crate::web::desk::Task;
use crate::web::live::Standing;

/// The title of the page.
#[must_use]
pub fn title(task: Task, signs_in: bool) -> &'static str {
    match task {
        Task::Account if signs_in => "Sign in to NetSuite",
        Task::Short => "One moment",
        Task::Pair => "Making the key pair",
        Task::Check => "First check",
        Task::Account => "In the account",
    }
}

/// The page.
#[must_use]
pub fn page(task: Task, standing: &Standing) -> Markup {
    let planned = standing.planned.max(1);
    html! {
        div.working data-working {
            @match task {
                Task::Short => p { "The answer is being checked." },
                Task::Account => { (account(standing)) },
                Task::Pair => p {
                    "Private key and certificate are made on this machine. A large RSA key takes a \
                     few seconds."
                },
                Task::Check => {
                    p {
                        "It signs in as the integration will, reads each record type once, and \
                         changes nothing."
                    }
                    p.bar {
                        progress id="bar" max=(planned) value=(standing.decided)
                            aria-label="Checks decided" {}
                        " " span id="count" { (standing.decided) " of " (standing.planned) }
                    }
                    p.said-live id="live" role="status" { (standing.said) }
                    (rows(standing))
                },
            }
            noscript { p { "This page loads itself again every two seconds." } }
        }
    }
}

/// The link to sign in, or that it was done.
fn account(standing: &Standing) -> Markup {
    html! {
        @if standing.sign_in.is_empty() {
            p { "The account is asked. This takes a few seconds." }
        } @else {
            p {
                "Sign in as Administrator and press Allow, within two minutes. Then come back to \
                 this page: it goes on by itself."
            }
            div.buttons {
                a.button.main id="sign-in" href=(standing.sign_in) target="_blank"
                    rel="noreferrer noopener" {
                    "Sign in to NetSuite" span.hidden { " (opens in a new tab)" }
                }
            }
            p.hint {
                "If it does not work there, nothing is lost: after two minutes this page says what \
                 happened and goes on."
            }
            p.hint {
                "Where the browser warns of the certificate of localhost, go on: netsuite-preflight \
                 made it for this sign-in."
            }
        }
    }
}

fn rows(standing: &Standing) -> Markup {
    html! {
        ul.rows id="rows" aria-label="Checks" {
            @for (spec, state) in ALL.iter().zip(&standing.rows) {
                @let card = handbook().card(spec.id.as_str());
                li class=(state) {
                    span.title { (card.map_or(spec.id.as_str(), |card| card.title.as_str())) }
                    span.state { (word(state)) }
                }
            }
        }
    }
}

/// The word for the state of a row; the script has the same.
fn word(state: &str) -> &'static str {
    match state {
        "waiting" => "waits",
        "running" => "runs",
        other => other.parse::<Status>().map_or("", words::status),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_has_the_same_words() {
        let script = include_str!("../script.js");
        for state in ["waiting", "running", "pass", "warn", "fail", "inconclusive", "skipped"] {
            let pair = format!("{state}: \"{}\"", word(state));
            assert!(script.contains(&pair), "{pair}");
        }
    }

    #[test]
    fn every_check_has_a_row() {
        let rows = vec!["waiting"; ALL.len()];
        let standing =
            Standing { decided: 0, planned: 0, said: String::new(), sign_in: String::new(), rows };
        let shown = page(Task::Check, &standing).into_string();
        assert_eq!(shown.matches("<li").count(), ALL.len());
        let waits = page(Task::Account, &standing).into_string();
        assert!(!waits.contains("id=\"sign-in\""));
        let standing = Standing { sign_in: "https://x.example/?a=1&b=2".to_owned(), ..standing };
        let asks = page(Task::Account, &standing).into_string();
        assert!(asks.contains("href=\"https://x.example/?a=1&amp;b=2\""), "{asks}");
    }
}
