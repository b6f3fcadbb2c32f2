import MicroHTTPD
import Secrets
import StrictJSON

/// The PEM files of a certificate chain and its key, and of the authorities whose certificates clients bring.
struct TLSFiles: Sendable, Equatable {
    let certificate: String
    let key: String
    /// Nil asks clients for no certificate.
    var clients: ClientFile?

    /// A file of authorities, and whether a client may come without a certificate of theirs.
    struct ClientFile: Sendable, Equatable {
        let authorities: String
        let demand: Demand
    }

    /// What `tls_client_auth` says.
    enum Demand: String, Sendable {
        case required
        case optional
    }
}

extension TLSFiles {
    /// Reads the files, all of one state: again when they changed meanwhile, as when a mounted secret is swapped.
    func read() throws(StartFailure) -> LoadedTLS {
        guard let settled = PolicyFiles.settled(marks: marks, read: readOnce) else {
            throw StartFailure("the TLS files keep changing while they are read; put them in place by a rename")
        }
        return LoadedTLS(configuration: try settled.value.get(), marks: settled.marks)
    }

    /// A cheap look at the files, by which a change shows; symbolic links are followed.
    func marks() -> [FileMark] {
        [certificate, key, clients?.authorities].compactMap { $0 }.compactMap { FileMark(name: $0, path: $0) }
    }

    private func readOnce() -> Result<TLSConfiguration, StartFailure> {
        do throws(StartFailure) {
            let chain = try SmallFile.read(certificate).withBytes { [UInt8]($0) }
            var configuration = TLSConfiguration(certificatePEM: chain, privateKeyPEM: try SmallFile.read(key))
            if let clients {
                configuration.clientCertificates = ClientCertificates(
                    authoritiesPEM: try SmallFile.read(clients.authorities).withBytes { [UInt8]($0) },
                    areRequired: clients.demand == .required)
            }
            return .success(configuration)
        } catch {
            return .failure(error)
        }
    }
}

/// What the files held, with the state they were read from.
struct LoadedTLS: Sendable {
    let configuration: TLSConfiguration
    let marks: [FileMark]
}

extension Settings {
    /// The settings `tls_*`; nil without TLS.
    mutating func tlsFiles() -> TLSFiles? {
        let clients = clientFile()
        switch (string("tls_certificate"), string("tls_key")) {
        case (let certificate?, let key?): return TLSFiles(certificate: certificate, key: key, clients: clients)
        case (nil, nil):
            if clients != nil { report("tls_client_ca asks for certificates in TLS: set tls_certificate and tls_key") }
            return nil
        case (_?, nil), (nil, _?):
            report("tls_certificate and tls_key belong together: set both")
            return nil
        }
    }

    private mutating func clientFile() -> TLSFiles.ClientFile? {
        let demand = value("tls_client_auth", expected: "required or optional", TLSFiles.Demand.init(rawValue:))
        guard let authorities = string("tls_client_ca") else {
            if demand != nil { report("tls_client_auth does nothing without tls_client_ca: set that, or neither") }
            return nil
        }
        return TLSFiles.ClientFile(authorities: authorities, demand: demand ?? .required)
    }
}
