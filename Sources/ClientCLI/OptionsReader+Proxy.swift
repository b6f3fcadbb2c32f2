import ClientHTTP

/// Which proxy a request goes through.
extension OptionsReader {
    /// The proxy for `url`; nil goes straight there.
    mutating func proxy(for url: HTTPURL) -> Proxy? {
        // What stays on this machine needs no proxy, and plain http is trusted there only because it leaves for nobody.
        guard !url.host.isLoopback else { return nil }
        // HTTP_PROXY is not read: where a program answers web requests, a caller sets it with a header (httpoxy).
        let usual = url.scheme == .https ? ["HTTPS_PROXY", "https_proxy"] : ["http_proxy"]
        guard let entry = entry(.proxy, orVariable: usual) else { return nil }
        if entry.source == Parameter.proxy.flag, entry.text.utf8.contains(UInt8(ascii: "@")) {
            add(
                Fault(
                    "\(Parameter.proxy.flag) holds a user and password, and every program of the machine can read "
                        + "arguments: set the parameter proxy or HTTPS_PROXY instead"))
            return nil
        }
        let exceptions = self.entry(.noProxy, orVariable: ["NO_PROXY", "no_proxy"])
        if let exceptions, ProxyExceptions(parsing: exceptions.text).cover(url) { return nil }
        do throws(HTTPURL.Fault) {
            return try Proxy(parsing: entry.text)
        } catch {
            // Without the value, which may hold a password.
            add(Fault("the proxy (from \(entry.source)) \(error): write it as http://proxy.example.com:3128"))
            return nil
        }
    }

    /// A parameter, or the first of the usual variables that is set. They too come before a file, which must agree.
    private mutating func entry(_ parameter: Parameter, orVariable names: [String]) -> Settings.Entry? {
        let own = settings[parameter]
        guard own?.isFile != false, let name = names.first(where: { environment.variable($0) != nil }),
            let text = environment.variable(name)
        else { return own }
        let usual = Settings.Entry(text: text, source: name)
        if let own, own.text != text { add(Settings.difference(parameter, usual, own)) }
        return usual
    }

    /// Two servers may have the same fault.
    private mutating func add(_ fault: Fault) {
        if !faults.contains(fault) { faults.append(fault) }
    }
}
