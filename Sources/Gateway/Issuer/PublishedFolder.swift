import ExchangeCore
import Foundation
import Secrets
import StrictJSON

/// A folder of static files that a web server or an object store shows at the issuer's URL.
struct PublishedFolder {
    let path: String

    /// The key set that lies there; nil where there is none.
    func keySet() throws(StartFailure) -> KeySet? {
        let file = path + IssuerDocuments.keySetPath
        guard FileManager.default.fileExists(atPath: file) else { return nil }
        let bytes = try SmallFile.read(file).withBytes { [UInt8]($0) }
        do throws(KeySetFault) { return try KeySet(parsing: bytes) } catch {
            throw StartFailure("\(file): \(error); remove it if it is not the gateway's")
        }
    }

    /// Writes both documents, each whole, the key set first: the other one names it.
    func write(_ documents: IssuerDocuments) throws(StartFailure) {
        do {
            try FileManager.default.createDirectory(
                atPath: path + "/.well-known", withIntermediateDirectories: true)
        } catch {
            throw StartFailure("cannot make \(path)/.well-known: \(error.localizedDescription)")
        }
        try WholeFile(purpose: "key set", path: path + IssuerDocuments.keySetPath).write(documents.keySet)
        try WholeFile(purpose: "discovery document", path: path + IssuerDocuments.discoveryPath).write(
            documents.discovery)
    }
}
