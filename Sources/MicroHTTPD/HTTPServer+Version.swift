import CMicroHTTPD

extension HTTPServer {
    /// The version of libmicrohttpd that the process runs with.
    package static var libraryVersion: String {
        // A constant string of the library's.
        unsafe String(cString: MHD_get_version())
    }
}
