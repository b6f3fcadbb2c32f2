# Two images: `gateway`, the service, and `client`, for the steps. Neither has a shell or a package manager.
#   docker build --target gateway --tag vela-aws-gateway .
#   docker build --target client --tag vela-aws-credentials .
# `make images` builds and runs both.

ARG SWIFT_IMAGE=docker.io/library/swift:6.3-bookworm

FROM ${SWIFT_IMAGE} AS sources
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        ca-certificates libcurl4-openssl-dev libmicrohttpd-dev libssl-dev pkg-config \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY Package.swift ./
COPY Sources Sources
# The package description names the test targets, so that they must be there.
COPY Tests Tests

FROM sources AS build-gateway
RUN swift build --configuration release --static-swift-stdlib --product vela-aws-gateway -Xlinker -Map=.build/link.map
COPY Scripts/image-root Scripts/image-licences Scripts/inventory Scripts/
COPY LICENSE NOTICE ./
RUN Scripts/image-root .build/release/vela-aws-gateway /root-of-image \
    && Scripts/inventory /root-of-image/usr/bin/vela-aws-gateway .build/release/vela-aws-gateway.product .build/link.map >/inventory.tsv \
    && Scripts/image-licences /inventory.tsv .build/checkouts /root-of-image

FROM sources AS build-client
COPY Scripts/functions.sh Scripts/build-client Scripts/
RUN Scripts/build-client
COPY Scripts/image-licences Scripts/inventory Scripts/
COPY LICENSE NOTICE ./
RUN Scripts/inventory dist/vela-aws-credentials .build-client/release/vela-aws-credentials.product .build-client/link.map >/inventory.tsv \
    && Scripts/image-licences /inventory.tsv .build-client/checkouts /root-of-image

# What is in the two images, for `make sbom`.
FROM scratch AS inventory
COPY --from=build-gateway /inventory.tsv /vela-aws-gateway.tsv
COPY --from=build-client /inventory.tsv /vela-aws-credentials.tsv

FROM scratch AS gateway
LABEL org.opencontainers.image.title="vela-aws-gateway" org.opencontainers.image.licenses="Apache-2.0"
# A crash must print no memory: Swift's backtracer would.
ENV SWIFT_BACKTRACE=enable=no
COPY --from=build-gateway /root-of-image /
USER 65532:65532
# Service, health. Where to listen is configuration: off loopback the gateway wants TLS, or to be told that a mesh has it.
EXPOSE 8080 9090
ENTRYPOINT ["/usr/bin/vela-aws-gateway"]
CMD ["serve"]

FROM scratch AS client
LABEL org.opencontainers.image.title="vela-aws-credentials" org.opencontainers.image.licenses="Apache-2.0"
ENV SWIFT_BACKTRACE=enable=no
COPY --from=build-client /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build-client /root-of-image /
COPY --from=build-client /source/dist/vela-aws-credentials /usr/bin/vela-aws-credentials
# Vela's worker mounts /vela for root, and the step writes its script there.
# hadolint ignore=DL3002
USER 0:0
ENTRYPOINT ["/usr/bin/vela-aws-credentials"]
