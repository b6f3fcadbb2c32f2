import ExchangeCore
import OutboundHTTP
import Testing

@testable import Gateway

struct STSEndpointsTests {
    @Test func `agrees with botocore on every region, with and without FIPS and dual-stack`() throws {
        let lines = stsEndpointFixture.split(separator: "\n")
        #expect(lines.count > 150)
        for line in lines {
            let fields = line.split(separator: " ").map(String.init)
            try #require(fields.count == 5)
            let role = try #require(RoleARN(parsing: "arn:\(fields[0]):iam::123456123456:role/test"))
            let region = try #require(Region(parsing: fields[1]))
            let endpoints = STSEndpoints(usesFIPS: fields[2] == "fips", usesDualStack: fields[3] == "dualstack")
            #expect(try endpoints.endpoint(for: role, in: region).description == fields[4] + "/")
        }
    }

    @Test func `has the standard region of each partition in its table`() throws {
        for partition in Partition.allCases {
            let role = try #require(RoleARN(parsing: "arn:\(partition.rawValue):iam::123456123456:role/test"))
            let region = Region.standard(in: partition)
            let url = try STSEndpoints().endpoint(for: role, in: region)
            #expect(stsEndpointFixture.contains("\(partition.rawValue) \(region) - - https://\(url.host)\n"))
        }
    }

    @Test(arguments: [
        ("aws", "cn-north-1"), ("aws-cn", "us-east-1"), ("aws-us-gov", "us-east-1"), ("aws", "us-gov-west-1"),
    ])
    func `refuses a region of another partition, whatever the override`(partition: String, region: String) throws {
        let role = try #require(RoleARN(parsing: "arn:\(partition):iam::123456123456:role/test"))
        let region = try #require(Region(parsing: region))
        let error = STSEndpointError.otherPartition(region: region, role: role.partition)
        #expect(throws: error) { try STSEndpoints().endpoint(for: role, in: region) }
        let override = try OutboundURL(parsing: "https://sts.internal.example/")
        #expect(throws: error) { try STSEndpoints(override: override).endpoint(for: role, in: region) }
        #expect("\(error)".contains(region.description) && "\(error)".contains(partition))
    }

    @Test func `asks the override, path included, for any region`() throws {
        let override = try OutboundURL(parsing: "http://127.0.0.1:5000/sts/")
        let endpoints = STSEndpoints(usesFIPS: true, usesDualStack: true, override: override)
        let call = try STSSamples.call()
        #expect(try endpoints.endpoint(for: call.role, in: call.region) == override)
    }
}
