extension SessionTag {
    /// IAM user guide, "Pass session tags in AWS STS"; the sizes are those of STS's service model.
    static let most = 50
    static let keyLength = 1...128
    static let valueBounds = TextBounds(
        length: 1...256, form: "letters, digits, spaces and _.:/=+-@", isFit: isFit)

    /// What is wrong with `key`; nil when AWS takes it.
    static func fault(inKey key: String) -> String? {
        let bounds = TextBounds(length: keyLength, form: valueBounds.form, isFit: isFit)
        if let fault = bounds.fault(in: key) { return fault }
        return key.lowercased().hasPrefix("aws:") ? "begins with aws:, which is AWS's own; choose another key" : nil
    }

    /// `[\p{L}\p{Z}\p{N}_.:/=+\-@]`.
    static func isFit(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
            .letterNumber, .otherNumber, .spaceSeparator, .lineSeparator, .paragraphSeparator:
            true
        default: "_.:/=+-@".unicodeScalars.contains(scalar)
        }
    }
}
