import ExchangeAPI
import ExchangeCore
import MicroHTTPD
import Secrets
import StrictJSON

/// `/explain`: why the policy decides as it does on claims that somebody pasted. It takes no token, gives no credentials and keeps
/// nothing.
struct ExplainEndpoint: Sendable {
    let policies: PolicyStore
    let emergency: EmergencyBrake
    let now: @Sendable () -> Timestamp

    /// How a question may come, and its answer goes.
    enum Form: Sendable {
        case html, json

        /// Nil for a media type that is not taken.
        init?(mediaType: String?) {
            switch mediaType?.split(separator: ";").first?.lowercased() {
            case "application/x-www-form-urlencoded": self = .html
            case "application/json": self = .json
            default: return nil
            }
        }
    }

    /// The empty form.
    func form() -> HTML { ExplainForm().html(for: policies.current) }

    /// The empty form on a page of its own.
    func page() -> HTTPResponse {
        ExplanationPage(policy: policies.current, form: ExplainForm(), outcome: .none).response
    }

    func respond(to request: HTTPRequest) -> HTTPResponse {
        switch Form(mediaType: request.headers["content-type"]) {
        case .json: answer(json: request.body)
        case .html, nil: answer(form: request.body)
        }
    }

    private func answer(json body: Secret) -> HTTPResponse {
        do throws(Refusal) {
            let explanation = try ExplainQuestion(json: body).explanation(
                by: policies.current, under: emergency, at: now())
            return .document(explanation.encoded(isVerified: false))
        } catch {
            return .administrationProblem(ProblemSummary(.invalidRequest, error.inWords))
        }
    }

    private func answer(form body: Secret) -> HTTPResponse {
        let policy = policies.current
        // What cannot be read is not shown again: it may be a token.
        var form = ExplainForm()
        do throws(Refusal) {
            form = try body.withBytes { (bytes) throws(Refusal) in try ExplainForm(parsing: bytes) }
            let explanation = try form.question().explanation(by: policy, under: emergency, at: now())
            return ExplanationPage(policy: policy, form: form, outcome: .explained(explanation)).response
        } catch {
            return ExplanationPage(policy: policy, form: form, outcome: .fault(error.inWords)).response
        }
    }
}

extension Refusal {
    /// For whoever asked: what is wrong with the question, or that such claims are refused before a rule is asked.
    fileprivate var inWords: String {
        if case .invalidRequest(let sentence) = self { return sentence }
        return "a token with these claims is refused before any rule is asked: \(problem.code.rawValue), \(cause)"
    }
}
