import Secrets
import StrictJSON

// Here and not in either leaf, because neither of them knows the other.
extension SecretBuilder: ByteSink {}
