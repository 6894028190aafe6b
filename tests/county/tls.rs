//! Only TLS 1.3, and only a certificate of the county's own authority.

use reqwest::{Certificate, Client, tls::Version};

use crate::client::{Server, with_ring};

async fn reaches(client: &Client, url: &str) -> bool {
    client.get(url).send().await.is_ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn only_tls_1_3_under_the_county_s_authority_gets_through() {
    let server = Server::start().await;
    let url = server.running.url();
    assert!(reaches(&server.client(), &url).await);
    let port = server.running.address().port();
    assert!(reaches(&server.client(), &format!("https://localhost:{port}")).await);

    with_ring();
    let pem = std::fs::read(server.home.path().join("county-ca.pem")).unwrap();
    let trusting = || {
        Client::builder()
            .tls_certs_only([Certificate::from_pem(&pem).unwrap()])
            .no_proxy()
    };
    let older = trusting()
        .tls_version_max(Version::TLS_1_2)
        .build()
        .unwrap();
    assert!(!reaches(&older, &url).await, "TLS 1.2");

    let other = Server::start().await;
    assert!(
        !reaches(&other.client(), &url).await,
        "another county's authority"
    );
    let nobody = Client::builder()
        .tls_certs_only([])
        .no_proxy()
        .build()
        .unwrap();
    assert!(!reaches(&nobody, &url).await, "no authority");

    let plain = url.replace("https", "http");
    assert!(!reaches(&server.client(), &plain).await, "plain HTTP");
    assert!(
        reaches(&server.client(), &url).await,
        "and the server is still there"
    );
    server.running.stop().await.unwrap();
}
