import Foundation
import MicroHTTPD

/// A web server on loopback that shows the files of a folder, as an object store does. It can be told to show none.
final class FolderWeb: Sendable {
    let url: String
    let folder: TemporaryFolder
    private let server: HTTPServer

    init() throws {
        let folder = try TemporaryFolder()
        server = try HTTPServer.start(HTTPServerConfiguration(address: .ip(host: "127.0.0.1", port: 0))) { request in
            guard let bytes = FileManager.default.contents(atPath: folder.path + request.path) else {
                return .text(404, "There is no such file.")
            }
            return HTTPResponse(status: 200, body: .bytes([UInt8](bytes)))
        }
        self.folder = folder
        url = "http://127.0.0.1:\(server.boundPort)"
    }

    /// Ends it, in its own time.
    func stop() { Task { [server] in await server.stop() } }
}
