//! The description of what the server answers (OpenAPI 3.1), for whoever writes the other side.
//!
//! Schemas come from the messages' own types. Which route takes and gives which of them stands here,
//! and tests hold it against the router and against what is really said.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use porch_sync::Transaction;
use porch_sync::protocol::{
    BlobState, CHUNK_BYTES, Challenge, ChallengeRequest, CountyRefusal, EnrolRequest, Enrolled,
    FetchAnswer, FetchRequest, MAX_BATCH_BYTES, PROTOCOL, PROTOCOL_HEADER, PullPage, PullRequest,
    PushAnswer, PushRequest, RejoinRequest, Token, TokenRequest,
};
use utoipa::openapi::path::{
    HttpMethod, OperationBuilder, ParameterBuilder, ParameterIn, PathsBuilder,
};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{ComponentsBuilder, KnownFormat, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    Content, InfoBuilder, OpenApi, OpenApiBuilder, PathItem, Ref, RefOr, Required, ResponseBuilder,
    Schema,
};
use utoipa::{PartialSchema as _, ToSchema};

use crate::http::{JSON, OCTETS, OLDEST_PROTOCOL, SMALL_BYTES, status};

/// Where the description is served.
pub(crate) const PATH: &str = "/v1/openapi.json";

const ABOUT: &str = "Between a device and its county. What the messages mean, in which order they \
    go and what either side promises is in docs/sync-protocol.md. TLS 1.3 only.";

/// The name of the bearer token among the security schemes.
const TOKEN: &str = "token";

/// The whole description.
#[must_use]
pub fn document() -> OpenApi {
    use CountyRefusal::{
        BlobNotExpected, Code, NotFound, Revoked, Scope, SlowDown, Token as NoToken,
    };
    let mut described = Described::default();
    described.component::<CountyRefusal>();
    // Not a message of its own: the text in a sealed transaction's body.
    described.component::<Transaction>();

    let enrol = described.json::<EnrolRequest>();
    let enrolled = described.json::<Enrolled>();
    described.route(Route {
        summary: "Introduces a new device, with the code that a supervisor was given",
        asks: Some((enrol, SMALL_BYTES)),
        refuses: &[Code, SlowDown],
        ..Route::post("/v1/enrol", enrolled.clone())
    });
    let rejoin = described.json::<RejoinRequest>();
    described.route(Route {
        summary: "Gives a device that was copied a number of its own",
        asks: Some((rejoin, SMALL_BYTES)),
        refuses: &[NoToken, Revoked],
        ..Route::post("/v1/rejoin", enrolled)
    });
    let asked = described.json::<ChallengeRequest>();
    let challenge = described.json::<Challenge>();
    described.route(Route {
        summary: "Asks for something to sign",
        asks: Some((asked, SMALL_BYTES)),
        ..Route::post("/v1/challenge", challenge)
    });
    let signed = described.json::<TokenRequest>();
    let token = described.json::<Token>();
    described.route(Route {
        summary: "Proves who the device is",
        asks: Some((signed, SMALL_BYTES)),
        refuses: &[NoToken, Revoked],
        ..Route::post("/v1/token", token)
    });
    let push = described.json::<PushRequest>();
    let outcomes = described.json::<PushAnswer>();
    described.route(Route {
        summary: "Sends transactions, in sequence order",
        asks: Some((push, MAX_BATCH_BYTES)),
        token: true,
        refuses: &[Scope],
        ..Route::post("/v1/push", outcomes)
    });
    let pull = described.json::<PullRequest>();
    let page = described.json::<PullPage>();
    described.route(Route {
        summary: "Asks for what is new in the device's scopes",
        asks: Some((pull, SMALL_BYTES)),
        token: true,
        refuses: &[Scope],
        ..Route::post("/v1/pull", page)
    });
    let wanted = described.json::<FetchRequest>();
    let families = described.json::<FetchAnswer>();
    described.route(Route {
        summary: "Asks for families of other centres, by full name and date of birth",
        asks: Some((wanted, SMALL_BYTES)),
        token: true,
        refuses: &[SlowDown],
        ..Route::post("/v1/fetch", families)
    });
    let state = described.json::<BlobState>();
    described.route(Route {
        summary: "Says how much of a blob the server has",
        token: true,
        refuses: &[NotFound, Scope],
        ..Route::get("/v1/blobs/{id}", state.clone())
    });
    described.route(Route {
        summary: "Gives a chunk of a blob",
        token: true,
        refuses: &[NotFound, Scope, BlobNotExpected],
        ..Route::get("/v1/blobs/{id}/{chunk}", octets())
    });
    described.route(Route {
        method: HttpMethod::Put,
        summary: "Takes a chunk of a blob in",
        asks: Some((octets(), CHUNK_BYTES)),
        token: true,
        refuses: &[Scope, BlobNotExpected],
        ..Route::get("/v1/blobs/{id}/{chunk}", state)
    });
    let itself = ObjectBuilder::new().description(Some("An OpenAPI document."));
    described.route(Route {
        summary: "Gives this description",
        bare: true,
        ..Route::get(PATH, (JSON, Content::new(Some(itself))))
    });
    described.finish()
}

/// The kind of a body, and its schema.
type Body = (&'static str, Content);

fn octets() -> Body {
    // A chunk has no media type of its own, so its schema says nothing (OpenAPI 3.1, 4.8.14.1).
    (OCTETS, Content::default())
}

/// One method of one path.
struct Route {
    path: &'static str,
    method: HttpMethod,
    summary: &'static str,
    /// The body that it takes, and how many bytes it may have.
    asks: Option<(Body, usize)>,
    answers: Body,
    /// Whether it needs a bearer token.
    token: bool,
    /// What it may refuse besides what all do.
    refuses: &'static [CountyRefusal],
    /// Whether it is outside of the protocol: no version, no refusals.
    bare: bool,
}

impl Route {
    fn get(path: &'static str, answers: Body) -> Self {
        Self {
            path,
            method: HttpMethod::Get,
            summary: "",
            asks: None,
            answers,
            token: false,
            refuses: &[],
            bare: false,
        }
    }

    fn post(path: &'static str, answers: Body) -> Self {
        Self {
            method: HttpMethod::Post,
            ..Self::get(path, answers)
        }
    }

    /// Everything that it may refuse.
    fn refusals(&self) -> Vec<CountyRefusal> {
        use CountyRefusal::{Failed, Malformed, Revoked, Token, TooLarge, UpdateNeeded};
        if self.bare {
            return Vec::new();
        }
        let mut all = vec![Malformed, UpdateNeeded, Failed];
        if self.asks.is_some() {
            all.push(TooLarge);
        }
        if self.token {
            all.extend([Token, Revoked]);
        }
        all.extend(self.refuses);
        all
    }
}

#[derive(Default)]
struct Described {
    paths: PathsBuilder,
    schemas: BTreeMap<String, RefOr<Schema>>,
}

impl Described {
    /// Puts a type and those that it is made of among the components.
    fn component<T: ToSchema>(&mut self) -> Ref {
        let mut found = vec![(T::name().into_owned(), T::schema())];
        T::schemas(&mut found);
        self.schemas.extend(found);
        Ref::from_schema_name(T::name())
    }

    fn json<T: ToSchema>(&mut self) -> Body {
        (JSON, Content::new(Some(self.component::<T>())))
    }

    fn route(&mut self, route: Route) {
        let refusals = route.refusals();
        let mut operation = OperationBuilder::new().summary(Some(route.summary));
        if !route.bare {
            operation = operation.parameter(version_header());
        }
        if route.path.contains("{id}") {
            operation = operation.parameter(in_path("id", "The blob.", uuid()));
        }
        if route.path.contains("{chunk}") {
            let text = "The chunk, counted from 0.";
            operation = operation.parameter(in_path("chunk", text, u32::schema()));
        }
        if let Some(((kind, content), limit)) = route.asks {
            let body = RequestBodyBuilder::new()
                .description(Some(format!("At most {limit} bytes.")))
                .required(Some(Required::True))
                .content(kind, content);
            operation = operation.request_body(Some(body.build()));
        }
        let security = if route.token {
            SecurityRequirement::new(TOKEN, [] as [&str; 0])
        } else {
            // None is needed, said rather than left out.
            SecurityRequirement::default()
        };
        let (kind, content) = route.answers;
        let answer = ResponseBuilder::new()
            .description("What was asked for.")
            .content(kind, content);
        operation = operation
            .security(security)
            .response(StatusCode::OK.as_str(), answer);
        let mut by_status: BTreeMap<StatusCode, Vec<String>> = BTreeMap::new();
        for refusal in refusals {
            let words = by_status.entry(status(refusal)).or_default();
            words.push(refusal.to_string());
        }
        for (status, words) in by_status {
            let refused = ResponseBuilder::new()
                .description(format!("Refused: {}.", words.join("; ")))
                .content(
                    JSON,
                    Content::new(Some(Ref::from_schema_name("CountyRefusal"))),
                );
            operation = operation.response(status.as_str(), refused);
        }
        let item = PathItem::new(route.method, operation);
        self.paths = std::mem::take(&mut self.paths).path(route.path, item);
    }

    fn finish(self) -> OpenApi {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("The token that /v1/token gives, good for 24 hours."));
        let components = ComponentsBuilder::new()
            .schemas_from_iter(self.schemas)
            .security_scheme(TOKEN, SecurityScheme::Http(scheme.build()));
        OpenApiBuilder::new()
            .info(
                InfoBuilder::new()
                    .title("Porch: device and county")
                    .version(PROTOCOL.to_string())
                    .description(Some(ABOUT)),
            )
            .paths(self.paths)
            .components(Some(components.build()))
            .build()
    }
}

fn uuid() -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid)))
        .into()
}

fn version_header() -> ParameterBuilder {
    let versions = ObjectBuilder::new()
        .schema_type(Type::Integer)
        .minimum(Some(f64::from(OLDEST_PROTOCOL)))
        .maximum(Some(f64::from(PROTOCOL)));
    ParameterBuilder::new()
        .name(PROTOCOL_HEADER)
        .parameter_in(ParameterIn::Header)
        .required(Required::True)
        .description(Some("The version of the protocol that the device speaks."))
        .schema(Some(versions))
}

fn in_path(name: &str, text: &str, schema: RefOr<Schema>) -> ParameterBuilder {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .description(Some(text))
        .schema(Some(schema))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::Arc;

    use serde_json::Value;

    use super::*;
    use crate::county::{County, Machine, make_origin};
    use crate::http::router;
    use crate::store::MemoryStore;

    /// What is shown for each number of a route.
    fn numbered(shown: &str) -> impl Iterator<Item = (&str, &str)> {
        shown
            .split("RouteId(")
            .filter_map(|part| part.split_once("): "))
    }

    /// The router's routes and their methods, as axum shows them.
    async fn served() -> BTreeSet<(String, String)> {
        let store = MemoryStore::new(make_origin(&Machine).unwrap());
        let county = County::open(store, Arc::new(Machine)).await.unwrap();
        let shown = format!("{:?}", router(Arc::new(county)));
        let (routes, _) = shown.split_once("fallback_router").unwrap();
        let (methods, paths) = routes.split_once("paths: {").unwrap();
        let methods: BTreeMap<_, _> = numbered(methods)
            .map(|(number, router)| {
                let allowed = router.split_once("allow_header: Bytes(b\"").unwrap().1;
                (number, allowed.split_once('"').unwrap().0)
            })
            .collect();
        let mut routes = BTreeSet::new();
        for (number, path) in numbered(paths) {
            let path = path.split('"').nth(1).unwrap();
            // Whoever answers GET answers HEAD.
            for method in methods[number]
                .split(',')
                .filter(|method| *method != "HEAD")
            {
                routes.insert((path.to_owned(), method.to_lowercase()));
            }
        }
        routes
    }

    #[tokio::test]
    async fn every_route_is_described_and_every_description_is_a_route() {
        let document = serde_json::to_value(document()).unwrap();
        let described: BTreeSet<_> = document["paths"]
            .as_object()
            .unwrap()
            .iter()
            .flat_map(|(path, methods)| {
                let methods = methods.as_object().unwrap().keys();
                methods.map(move |method| (path.clone(), method.clone()))
            })
            .collect();
        let served = served().await;
        assert_eq!(described, served);
        assert_eq!(served.len(), 11, "axum still shows its routes as it did");
    }

    #[test]
    fn every_refusal_is_described_somewhere() {
        let document = serde_json::to_value(document()).unwrap();
        let known = document["components"]["schemas"]["CountyRefusal"]["oneOf"]
            .as_array()
            .unwrap()
            .len();
        let paths = document["paths"].as_object().unwrap().values();
        let said: BTreeSet<String> = paths
            .flat_map(|methods| methods.as_object().unwrap().values())
            .flat_map(|operation| operation["responses"].as_object().unwrap().values())
            .filter_map(|response| response["description"].as_str()?.strip_prefix("Refused: "))
            .flat_map(|words| words.trim_end_matches('.').split("; ").map(str::to_owned))
            .collect();
        assert_eq!(said.len(), known, "{said:?}");
    }

    #[test]
    fn every_reference_leads_somewhere() {
        fn references<'a>(value: &'a Value, found: &mut BTreeSet<&'a str>) {
            match value {
                Value::Array(items) => items.iter().for_each(|item| references(item, found)),
                Value::Object(members) => {
                    for (name, member) in members {
                        match member.as_str() {
                            Some(target) if name == "$ref" => {
                                found.insert(target);
                            }
                            _ => references(member, found),
                        }
                    }
                }
                _ => {}
            }
        }
        let document = serde_json::to_value(document()).unwrap();
        let mut found = BTreeSet::new();
        references(&document, &mut found);
        assert!(found.contains("#/components/schemas/Row"), "{found:?}");
        for target in found {
            let pointer = target.strip_prefix('#').unwrap();
            assert!(document.pointer(pointer).is_some(), "{target}");
        }
    }
}
