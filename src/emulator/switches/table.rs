//! The table of switches. Sources are sections of `auth-protocol.md`, `record-api.md` and rows of
//! `failures.md`.

use super::{Choice, SwitchError, SwitchInfo};

switches! {
    token_fault: TokenFault = "token-fault" {
        question: "How does the token endpoint answer a faulty assertion?",
        grade: "observed",
        evidence: "auth-protocol 3.2: three reports of 500 server_error, two with the status; \
                   one of invalid_grant without status; invalid_client third-party. No official table.",
        ServerError = "500-server-error": "500 {\"error\":\"server_error\"}",
        InvalidGrant = "400-invalid-grant": "400 {\"error\":\"invalid_grant\"}",
        InvalidClient400 = "400-invalid-client": "400 {\"error\":\"invalid_client\"}",
        InvalidClient401 = "401-invalid-client": "401 {\"error\":\"invalid_client\"} with WWW-Authenticate: Basic",
    }
    unknown_key: UnknownKey = "unknown-key" {
        question: "Is a kid that names no valid certificate answered like other faults?",
        grade: "observed",
        evidence: "500 server_error for a wrong kid (auth-protocol 3.2); 400 invalid_client for a \
                   certificate that was never uploaded, on one live sandbox (failures T15, C1).",
        Same = "as-token-fault": "whatever token-fault says",
        InvalidClient = "400-invalid-client": "400 {\"error\":\"invalid_client\"}",
    }
    scope_fault: ScopeFault = "scope-fault" {
        question: "Is a scope that is not ticked or not known answered like other faults?",
        grade: "observed",
        evidence: "auth-protocol 3.2: 500 seen for a wrong scope; the code-grant page and one author \
                   name 400 invalid_scope (failures C11).",
        Same = "as-token-fault": "whatever token-fault says",
        InvalidScope = "400-invalid-scope": "400 {\"error\":\"invalid_scope\"}",
    }
    unknown_client_detail: UnknownClientDetail = "unknown-client-detail" {
        question: "Which Detail does an unknown Client ID leave in the Login Audit Trail?",
        grade: "inferred",
        evidence: "auth-protocol 3.2 offers all three as inferred.",
        UnknownIntegration = "UnknownIntegration": "UnknownIntegration",
        InvalidIntegration = "InvalidIntegration": "InvalidIntegration",
        InvalidIssuer = "InvalidIssuer": "InvalidIssuer",
    }
    grant_box_detail: GrantBoxDetail = "grant-box-detail" {
        question: "Which Detail does an unticked machine-to-machine box leave?",
        grade: "none",
        evidence: "auth-protocol 3.2: no documented code; its code-grant twin is AuthorizationCodeGrantRequired.",
        Blank = "blank": "no Detail",
        AuthorizationCodeGrantRequired = "AuthorizationCodeGrantRequired": "AuthorizationCodeGrantRequired",
    }
    audience: Audience = "audience" {
        question: "Which aud does the token endpoint accept?",
        grade: "official",
        evidence: "auth-protocol 1.4: suitetalk in the table, restlets in Oracle's own sample, connect on \
                   the Connect page; the strictness itself is unknown.",
        AccountHosts = "account-hosts": "the token URL on the account's suitetalk, restlets or connect host",
        SuiteTalk = "suitetalk-only": "the token URL on the suitetalk host alone",
        Unchecked = "unchecked": "anything",
    }
    lifetime: Lifetime = "assertion-lifetime" {
        question: "How long may an assertion be valid?",
        grade: "official",
        evidence: "auth-protocol 1.4: below 60 minutes in the table, exactly 60 in Oracle's samples, two \
                   hours on the audit-trail page.",
        SixtyMinutes = "60-minutes": "up to and including 60 minutes",
        UnderSixtyMinutes = "under-60-minutes": "less than 60 minutes",
        TwoHours = "two-hours": "up to two hours",
    }
    clock_tolerance: ClockTolerance = "clock-tolerance" {
        question: "How far may iat be in the future, and exp in the past?",
        grade: "none",
        evidence: "auth-protocol 1.4: unpublished; three minutes of skew broke one set-up now and then (failures T7).",
        OneMinute = "60-seconds": "60 seconds",
        None = "none": "not at all",
        FiveMinutes = "300-seconds": "300 seconds",
    }
    fractional_times: FractionalTimes = "fractional-times" {
        question: "Are iat and exp with decimals accepted?",
        grade: "observed",
        evidence: "failures T8: one library broke on them; Oracle's own Python sample sends them.",
        Refused = "refused": "400 {\"error\":\"invalid_request\"}",
        Accepted = "accepted": "the decimals are cut off",
    }
    client_id_parameter: ClientIdParameter = "client-id-parameter" {
        question: "Must the form carry client_id?",
        grade: "official",
        evidence: "auth-protocol 1.2: Oracle's sample omits it; one author needed it (failures C5).",
        Optional = "optional": "it may be absent",
        Required = "required": "400 {\"error\":\"invalid_request\"} without it",
    }
    login_permission: LoginPermission = "login-permission" {
        question: "Where does a role without the OAuth 2.0 login permission fail?",
        grade: "observed",
        evidence: "failures M16: 401 on the first call, after a good token; ScriptRunner says the sign-in \
                   itself fails (auth-protocol 3.2).",
        AtFirstCall = "at-first-call": "the token is issued and the first call is refused",
        AtToken = "at-token": "the token endpoint refuses",
    }
    token_subject: TokenSubject = "token-subject" {
        question: "How is sub written in the access token?",
        grade: "official",
        evidence: "auth-protocol 2: role;entity in the 2026 sample; five parts in the 2021 one; one author \
                   read entity;role.",
        RoleEntity = "role-entity": "1042;2207",
        FiveParts = "five-parts": "1234567;0;1042;2207;N",
        EntityRole = "entity-role": "2207;1042",
    }
    token_type: TokenType = "token-type" {
        question: "How is token_type written?",
        grade: "official",
        evidence: "auth-protocol 2: Bearer in the sample, bearer in the text.",
        Capital = "Bearer": "Bearer",
        Lower = "bearer": "bearer",
    }
    expires_in: ExpiresIn = "expires-in" {
        question: "Is expires_in a number or a text?",
        grade: "official",
        evidence: "auth-protocol 2: a number in the sample; clients that coerce texts exist.",
        Number = "number": "3600",
        Text = "string": "\"3600\"",
    }
    rest_refusal: RestRefusal = "rest-not-admitted" {
        question: "How is a role refused that may not use REST at all?",
        grade: "observed",
        evidence: "failures C7: 401 (n8n notes), 403 (PostHog). 400 USER_ERROR is no choice any more: \
                   its words were traced to a missing Workbook (facts-2026-11 F1).",
        InvalidLogin = "401-invalid-login": "401 INVALID_LOGIN",
        Forbidden = "403-forbidden": "403 INSUFFICIENT_PERMISSION",
    }
    rest_feature: RestFeature = "rest-feature-off" {
        question: "What do record paths answer while the REST Web Services feature is off?",
        grade: "third-party",
        evidence: "failures R4: 404 or HTML on every path; no text was captured (record-api 2.8).",
        NotFound = "404-json": "404 in the usual envelope",
        Html = "404-html": "404 with an HTML page",
    }
    server_time: ServerTimePermission = "server-time-permission" {
        question: "Does serverTime need the REST Web Services permission?",
        grade: "official",
        evidence: "record-api 1.5: `no explicit permissions`, any user; not tried without it.",
        NotNeeded = "not-needed": "it answers anybody with a token",
        Needed = "needed": "it is refused like every other path",
    }
    list_refusal: ListRefusal = "list-refusal" {
        question: "How is a list refused where the record permission is missing?",
        grade: "observed",
        evidence: "record-api 2.8: both seen (Airbyte).",
        Forbidden = "403-insufficient-permission": "403 INSUFFICIENT_PERMISSION with the quoted permission",
        InvalidParameter = "400-invalid-parameter": "400 INVALID_PARAMETER without a name",
    }
    record_refusal: RecordRefusal = "record-refusal" {
        question: "How is a GET by id refused where the record permission is missing?",
        grade: "inferred",
        evidence: "record-api 2.4: 403 seen on POST; a 404 for a type the role may not see was not found \
                   in any source (2.3).",
        Forbidden = "403-insufficient-permission": "403 INSUFFICIENT_PERMISSION with the quoted permission",
        NotFound = "404-not-found": "404 NONEXISTENT_ID",
    }
    type_feature: TypeFeature = "type-feature-off" {
        question: "How is a type refused whose feature is off?",
        grade: "inferred",
        evidence: "record-api 2.8: both forms inferred.",
        UnknownType = "404-record-type": "404 Record type does not exist",
        InvalidParameter = "400-invalid-parameter": "400 INVALID_PARAMETER on the list",
    }
    beta_status: BetaStatus = "beta-status" {
        question: "With which status does the beta-record text come?",
        grade: "observed",
        evidence: "record-api 2.4: 403 or 400; failures P4 has 403.",
        Forbidden = "403": "403 INSUFFICIENT_PERMISSION",
        BadRequest = "400": "400 USER_ERROR",
    }
    restricted_row: RestrictedRow = "restricted-row" {
        question: "How is a GET by id of a row outside the role's subsidiaries refused?",
        grade: "inferred",
        evidence: "record-api 2.8: the text is observed under SOAP; the REST status is inferred.",
        Forbidden = "403-restriction": "403 with the text about restrictions",
        NotFound = "404-not-found": "404 NONEXISTENT_ID",
    }
    restricted_list: RestrictedList = "restricted-rows-in-lists" {
        question: "Are rows outside the role's subsidiaries listed?",
        grade: "official",
        evidence: "record-api 2.8: fewer rows or none, as a principle.",
        Hidden = "hidden": "they are left out",
        Listed = "listed": "they are listed and refused by id",
    }
    workbook_list: WorkbookList = "workbook-missing-list" {
        question: "How is a list refused where SuiteAnalytics Workbook is missing?",
        grade: "observed",
        evidence: "facts-2026-11 F1: isolated by changing this one permission, and by id nothing is \
                   refused. record-api 2.8 has 403 and 400 INVALID_PARAMETER, isolated by nobody.",
        UserError = "400-user-error": "400 USER_ERROR, Your current role does not have permission",
        Forbidden = "403-forbidden": "403 INSUFFICIENT_PERMISSION",
        InvalidParameter = "400-invalid-parameter": "400 INVALID_PARAMETER",
    }
    workbook_query: WorkbookQuery = "workbook-missing-query" {
        question: "How is a query refused where SuiteAnalytics Workbook is missing?",
        grade: "observed",
        evidence: "facts-2026-11 F1: isolated by changing this one permission. record-api 2.4 has 403, \
                   failures R5 has 400, isolated by nobody.",
        UserError = "400-user-error": "400 USER_ERROR, Your current role does not have permission",
        Forbidden = "403-forbidden": "403 INSUFFICIENT_PERMISSION",
        InvalidParameter = "400-invalid-parameter": "400 INVALID_PARAMETER",
    }
    unknown_table: UnknownTable = "unknown-table" {
        question: "What does a query say of a table that does not exist?",
        grade: "observed",
        evidence: "facts-2026-11 F2: tried with invented names, with known tables and with a grant. \
                   record-api 2.7 had the text of a hidden table for both.",
        InvalidSearchType = "invalid-search-type": "Invalid search type: x; a hidden table has Record 'x' was not found",
        NotFound = "record-not-found": "Record 'x' was not found, as for a hidden table",
    }
    script_failure: ScriptFailure = "script-failure" {
        question: "With which status comes a script of the account that fails when a record is loaded?",
        grade: "observed",
        evidence: "facts-2026-11 E13: 400; record-api 2.6: 500, with the error of SuiteScript in the text. \
                   The whole text of the 400 is not known.",
        UserError = "400-user-error": "400 USER_ERROR",
        UnexpectedError = "500-unexpected-error": "500 UNEXPECTED_ERROR",
    }
    catalogue: CatalogueAccept = "metadata-catalog" {
        question: "Does the metadata catalogue leave out types that the role may not read?",
        grade: "third-party",
        evidence: "failures 0.6: not filtered by role (Airbyte); Oracle says `personalized` (record-api 1.3).",
        All = "all-types": "every type whose feature is on",
        ByRole = "by-role": "only the types that the role may read",
    }
    catalogue_names: CatalogueNames = "metadata-catalog-names" {
        question: "How does the metadata catalogue spell the names of types?",
        grade: "observed",
        evidence: "facts-2026-11 F14: a printed list of 184 names and a second author's test, all in \
                   lower case; Oracle's pages print camel case.",
        LowerCase = "lower-case": "salesorder",
        CamelCase = "camel-case": "salesOrder",
    }
    rest_headers: RestHeaders = "rest-headers" {
        question: "What do the REST services send along with every answer?",
        grade: "observed",
        evidence: "facts-2026-11 F17: the character set and the cookie were seen on the REST host; \
                   X-N-OperationId, Vary and Strict-Transport-Security on the SOAP service. The token \
                   endpoint's headers are not known, and it sends none of them here.",
        Sent = "sent": "charset=UTF-8, the cookie NS_ROUTING_VERSION, X-N-OperationId, Vary, Strict-Transport-Security",
        Absent = "absent": "nothing of it",
    }
    governance: Governance = "governance-refusal" {
        question: "How does governanceLimits refuse others than administrators?",
        grade: "none",
        evidence: "record-api 1.5, facts-2026-11: not published, neither status nor text.",
        Forbidden = "403": "403 INSUFFICIENT_PERMISSION",
        UserError = "400": "400 USER_ERROR",
    }
    retry_after: RetryAfter = "retry-after" {
        question: "Does a 429 carry Retry-After?",
        grade: "official",
        evidence: "record-api 2.6: none is documented.",
        Absent = "absent": "no such header",
        Present = "present": "Retry-After: 1",
    }
    rate_limit_body: RateLimitBody = "rate-limit-body" {
        question: "Is the body of a 429 valid JSON?",
        grade: "official",
        evidence: "record-api 2.6: Oracle's printed sample lacks a comma; the real body is unknown.",
        Valid = "valid": "the usual envelope",
        AsPrinted = "as-printed": "Oracle's sample with the missing comma",
    }
    unknown_property: UnknownProperty = "form-unknown-property" {
        question: "Does a form request refuse a property that cannot exist?",
        grade: "none",
        evidence: "record-api 1.8 B: the second lock; in which order forms check it is unknown.",
        Ignored = "ignored": "the form opens",
        Refused = "refused": "400 about the property",
    }
    write_unknown_property: WriteUnknownProperty = "write-unknown-property" {
        question: "Does a real write refuse an unknown property where it is asked to?",
        grade: "official",
        evidence: "record-api 1.6: the header is documented; that a release ignores it is assumed to \
                   put a client's other guards to the test.",
        Refused = "refused": "400 about the property",
        Ignored = "ignored": "the property is left out of account",
    }
    form_description: FormDescription = "form-description" {
        question: "Does a type's own description list forms that the release does not have?",
        grade: "none",
        evidence: "record-api 1.2: an operation in the description is no proof that it works.",
        ByRelease = "by-release": "forms are listed from the release on that has them",
        Always = "always": "forms are listed by every release",
    }
    domains_case: DomainsCase = "datacenterurls-case" {
        question: "Does datacenterurls tell _sb1 from _SB1?",
        grade: "none",
        evidence: "failures C8: unknown.",
        Ignored = "ignored": "both are the account",
        Significant = "significant": "the lower-case form is an unknown account",
    }
    unknown_host: UnknownHost = "unknown-account-host" {
        question: "What does the host of an account answer that does not exist?",
        grade: "none",
        evidence: "auth-protocol 6.4: no source found.",
        Html = "404-html": "404 with an HTML page",
        ServerError = "500-server-error": "500 {\"error\":\"server_error\"} at the token endpoint, else 404",
    }
    long_certificate: LongCertificate = "long-certificate" {
        question: "What happens to a certificate beyond two years?",
        grade: "official",
        evidence: "auth-protocol 4.1: shortened; one program says refused (failures C3).",
        Shortened = "shortened": "it is taken and ends after two years",
        Refused = "refused": "it is not taken",
    }
    certificate_refusal: CertificateRefusal = "certificate-upload-refusal" {
        question: "How does the rotation endpoint refuse a certificate: a sixth, one twice, a bad file?",
        grade: "none",
        evidence: "auth-protocol 5.1: status codes and error bodies are not published.",
        UserError = "400-user-error": "400 USER_ERROR in the usual envelope",
        Conflict = "409": "409 without an error code",
    }
    certificate_created: CertificateCreated = "certificate-upload-status" {
        question: "With which status is an uploaded certificate answered?",
        grade: "none",
        evidence: "auth-protocol 5.1: the example shows the body alone; OH/article_0209112025.",
        Ok = "200": "200",
        Created = "201": "201",
    }
    own_certificates: OwnCertificates = "own-certificates" {
        question: "Which mappings does `Manage own … certificates` reach?",
        grade: "inferred",
        evidence: "auth-protocol 5.1: not stated; the example of the list shows two entities.",
        Integration = "integration": "all of the integration record",
        Entity = "entity": "those of the caller's own entity; others are not listed and cannot be revoked",
    }
    revoked_again: RevokedAgain = "revoked-again" {
        question: "What is the answer to revoking a certificate that is revoked?",
        grade: "none",
        evidence: "auth-protocol 5.1: not published.",
        Same = "successfully-revoked": "the same as the first time",
        Refused = "400-user-error": "400 USER_ERROR",
    }
    redirect_scheme: RedirectScheme = "redirect-http" {
        question: "Does the authorize page take a redirect URI of plain http on this machine?",
        grade: "observed",
        evidence: "facts-2026-11 section 0: one CLI moved to http://localhost:8899/callback, which works \
                   for it; OH/section_157771733782 says that http is not supported.",
        Accepted = "accepted": "it is taken where the record has it",
        Refused = "refused": "a message on the page, as for a redirect URI that the record lacks",
    }
    redirect_port: RedirectPort = "redirect-port" {
        question: "May the port of a redirect URI on this machine differ from the record's?",
        grade: "official",
        evidence: "OH/section_158081944642: it must match one of the record's exactly; RFC 8252 section \
                   7.3 asks servers to allow any port of the loopback address.",
        Exact = "exact": "no",
        Any = "any-port": "yes, for localhost, 127.0.0.1 and [::1]",
    }
    authorize_refusal: AuthorizeRefusal = "authorize-refusal" {
        question: "How does the authorize page refuse a record that is blocked or lacks the code grant?",
        grade: "none",
        evidence: "OH/subsect_158711892221 has the Detail of each; OH/subsect_158521823069 says of \
                   unauthorized_client only that an unknown client is not sent back.",
        Page = "page": "a message on its page",
        Redirect = "redirect": "it sends back error=unauthorized_client",
    }
    both_grants: BothGrants = "code-grant-on-m2m-record" {
        question: "May a record with the machine-to-machine box serve the code grant too?",
        grade: "official",
        evidence: "OH/section_157771733782: both boxes can be ticked; one CLI has both ticked, with \
                   Public Client, and works (facts-2026-11 section 0).",
        Served = "served": "yes",
        Refused = "refused": "no, as if the box Authorization Code Grant were not ticked",
    }
    code_challenge: CodeChallenge = "code-challenge" {
        question: "Must a confidential client send a code challenge?",
        grade: "official",
        evidence: "OH/section_158081944642: optional until 2027.1 except for public clients.",
        Optional = "optional": "it may leave it out",
        Required = "required": "without it error=invalid_request",
    }
    code_lifetime: CodeLifetime = "code-lifetime" {
        question: "How long can an authorization code be exchanged?",
        grade: "none",
        evidence: "OH/section_158081944642: use it immediately, its time is limited; RFC 6749 section \
                   4.1.2 recommends ten minutes at most.",
        OneMinute = "60-seconds": "60 seconds",
        TenMinutes = "600-seconds": "ten minutes",
    }
    code_reuse: CodeReuse = "code-used-twice" {
        question: "What happens when an authorization code is used a second time?",
        grade: "none",
        evidence: "RFC 6749 section 4.1.2: it must be refused, and tokens issued for it should be revoked; \
                   of NetSuite nothing is published.",
        Refused = "refused": "400 {\"error\":\"invalid_grant\"}",
        Revoked = "refused-and-revoked": "the same, and the token of the first use is good for nothing",
    }
    audit_query: AuditQuery = "login-audit-query" {
        question: "Can LoginAudit be queried by SuiteQL?",
        grade: "observed",
        evidence: "facts-2026-11 section 0: three independent programs ship such a query.",
        Readable = "readable": "yes, with View Login Audit Trail",
        Hidden = "record-not-found": "no, not by Administrator either: Record 'LoginAudit' was not found",
    }
    audit_row: AuditRow = "login-audit-row" {
        question: "Does a refused machine-to-machine sign-in leave a row in the Login Audit Trail?",
        grade: "official",
        evidence: "auth-protocol 3.3: Oracle lists the Details; two authors saw 500 and no row \
                   (facts-2026-11 F7, failures M21).",
        Written = "written": "always",
        None = "none": "never",
    }
    audit_delay: AuditDelay = "login-audit-delay" {
        question: "How soon can a row of the Login Audit Trail be queried?",
        grade: "none",
        evidence: "Nothing is published.",
        None = "none": "at once",
        ThreeSeconds = "3-seconds": "after 3 seconds",
        OneMinute = "60-seconds": "after 60 seconds",
    }
    audit_zone: AuditZone = "login-audit-time" {
        question: "In which time does SuiteQL give and compare the date of LoginAudit?",
        grade: "none",
        evidence: "Nothing is published; one program that ships such a query compares with UTC \
                   (f23820412570).",
        Utc = "utc": "UTC",
        Pacific = "pacific": "eight hours behind UTC",
    }
    other_client: OtherClient = "certificates-of-another-client" {
        question: "Does the rotation endpoint serve a record that the token is not of?",
        grade: "inferred",
        evidence: "facts-2026-11 section 0: the permission is the role's, and the Client ID stands in the \
                   path; whether it must be the token's own is not published.",
        Served = "served": "yes",
        Refused = "refused": "403 INSUFFICIENT_PERMISSION",
    }
    unknown_client_list: UnknownClientList = "certificates-of-unknown-client" {
        question: "What does the rotation endpoint say of a Client ID that the account does not have?",
        grade: "none",
        evidence: "auth-protocol 5.1: status codes and error bodies are not published.",
        NotFound = "404": "404 NONEXISTENT_ID",
        Forbidden = "403": "403 INSUFFICIENT_PERMISSION",
        Empty = "empty-list": "200 with an empty list; nothing can be uploaded or revoked",
    }
    mapping_role: MappingRole = "certificate-upload-role" {
        question: "Is an upload refused whose role cannot serve: not the entity's, or without the login permission?",
        grade: "none",
        evidence: "facts-2026-11 F9: the set-up page does not offer such a role; of the rotation endpoint \
                   nothing is published.",
        Taken = "taken": "no",
        Refused = "refused": "as every upload that is refused",
    }
    error_type: ErrorType = "error-type" {
        question: "Which document does the type of an error point to?",
        grade: "observed",
        evidence: "record-api 2.1: rfc9110 live, rfc2616 in the documentation.",
        Rfc9110 = "rfc9110": "https://www.rfc-editor.org/rfc/rfc9110.html",
        Rfc2616 = "rfc2616": "https://www.w3.org/Protocols/rfc2616/rfc2616-sec10.html",
    }
}
