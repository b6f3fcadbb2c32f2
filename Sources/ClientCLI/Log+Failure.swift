import StrictJSON

/// How the program ends: words for people, or one object for programs.
enum OutputFormat: String, CaseIterable { case text, json }

extension Log {
    /// Says why there are no credentials.
    func fail(_ failure: ClientFailure) {
        guard output == .json else { return error(failure.description) }
        writeObject(failure.kind) { writer in
            writer.member("event", Printable.text(failure.event))
            writer.member("remedy", failure.remedy)
            writer.member("code", failure.code)
            writer.member("request_id", failure.requestID)
        }
    }

    /// Says all that is wrong with the parameters.
    func fail(_ faults: [Fault]) {
        guard output == .json else {
            for fault in faults { error(fault.description) }
            return
        }
        writeObject(.invalidParameters) { writer in
            writer.member("event", "the step's parameters are not valid")
            writer.member("remedy", "Mend what faults names.")
            writer.member("faults", faults.map { Printable.text($0.description) })
        }
    }

    private func writeObject(_ kind: FailureKind, _ members: (inout JSONWriter<[UInt8]>) -> Void) {
        var writer = JSONWriter(into: [UInt8]())
        writer.beginObject()
        writer.member("time", environment.clock().description)
        writer.member("level", Level.error.rawValue)
        writer.member("kind", kind.rawValue)
        members(&writer)
        writer.endObject()
        environment.writeError(String(decoding: writer.finish(), as: UTF8.self) + "\n")
    }
}
