import Threading

@testable import Gateway

/// A shared store whose answers a test chooses.
final class FakeEmergencyStore: EmergencyStore {
    private let state = Lock(State())

    private struct State {
        var document: Result<[UInt8]?, EmergencyStoreError> = .success(nil)
        var asked = 0
        var putBack: [[UInt8]] = []
    }

    /// How often it was asked for the document.
    var asked: Int { state.withLock { $0.asked } }
    /// What was put there because it was gone.
    var returned: [String] { state.withLock { $0.putBack.map { String(decoding: $0, as: UTF8.self) } } }

    /// Nil has no document.
    func hold(_ text: String?) { state.withLock { $0.document = .success(text.map { Array($0.utf8) }) } }

    func fail(_ error: EmergencyStoreError) { state.withLock { $0.document = .failure(error) } }

    func document() async throws(EmergencyStoreError) -> [UInt8]? {
        try state.withLock { (state) throws(EmergencyStoreError) in
            state.asked += 1
            return try state.document.get()
        }
    }

    func put(_ document: [UInt8]) async throws(EmergencyStoreError) {
        state.withLock { $0.document = .success(document) }
    }

    func putBack(_ document: [UInt8]) async throws(EmergencyStoreError) {
        state.withLock { state in
            state.putBack.append(document)
            if case .success(nil) = state.document { state.document = .success(document) }
        }
    }

    func close() {}
}
