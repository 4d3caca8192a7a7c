//! AWS Config's names of the resources that ASFF names in its own way. Data, one type a line.

use std::borrow::Cow;

/// Where AWS Config takes the resource's id from ASFF's ARN.
#[derive(Clone, Copy)]
enum Id {
    /// What follows the last `/` or `:`.
    Last,
    /// The ARN itself.
    Arn,
}

/// ASFF's type, AWS Config's, and the id.
type Row = (&'static str, &'static str, Id);

const TYPES: &[Row] = &[
    ("AwsApiGatewayStage", "AWS::ApiGateway::Stage", Id::Arn),
    ("AwsApiGatewayV2Stage", "AWS::ApiGatewayV2::Stage", Id::Arn),
    (
        "AwsAutoScalingAutoScalingGroup",
        "AWS::AutoScaling::AutoScalingGroup",
        Id::Arn,
    ),
    ("AwsBackupBackupPlan", "AWS::Backup::BackupPlan", Id::Last),
    (
        "AwsBackupRecoveryPoint",
        "AWS::Backup::RecoveryPoint",
        Id::Arn,
    ),
    (
        "AwsCertificateManagerCertificate",
        "AWS::ACM::Certificate",
        Id::Arn,
    ),
    (
        "AwsCloudFrontDistribution",
        "AWS::CloudFront::Distribution",
        Id::Last,
    ),
    ("AwsCloudTrailTrail", "AWS::CloudTrail::Trail", Id::Last),
    ("AwsCloudWatchAlarm", "AWS::CloudWatch::Alarm", Id::Last),
    ("AwsCodeBuildProject", "AWS::CodeBuild::Project", Id::Arn),
    ("AwsDynamoDbTable", "AWS::DynamoDB::Table", Id::Last),
    ("AwsEc2Instance", "AWS::EC2::Instance", Id::Last),
    (
        "AwsEc2NetworkInterface",
        "AWS::EC2::NetworkInterface",
        Id::Last,
    ),
    ("AwsEc2RouteTable", "AWS::EC2::RouteTable", Id::Last),
    ("AwsEc2SecurityGroup", "AWS::EC2::SecurityGroup", Id::Last),
    ("AwsEc2Subnet", "AWS::EC2::Subnet", Id::Last),
    ("AwsEc2Volume", "AWS::EC2::Volume", Id::Last),
    ("AwsEc2Vpc", "AWS::EC2::VPC", Id::Last),
    ("AwsEfsFileSystem", "AWS::EFS::FileSystem", Id::Last),
    (
        "AwsElasticBeanstalkEnvironment",
        "AWS::ElasticBeanstalk::Environment",
        Id::Arn,
    ),
    (
        "AwsElasticsearchDomain",
        "AWS::Elasticsearch::Domain",
        Id::Last,
    ),
    (
        "AwsElbLoadBalancer",
        "AWS::ElasticLoadBalancing::LoadBalancer",
        Id::Last,
    ),
    (
        "AwsElbv2LoadBalancer",
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        Id::Arn,
    ),
    ("AwsIamGroup", "AWS::IAM::Group", Id::Last),
    ("AwsIamPolicy", "AWS::IAM::Policy", Id::Last),
    ("AwsIamRole", "AWS::IAM::Role", Id::Last),
    ("AwsIamUser", "AWS::IAM::User", Id::Last),
    ("AwsKmsKey", "AWS::KMS::Key", Id::Last),
    ("AwsLambdaFunction", "AWS::Lambda::Function", Id::Last),
    ("AwsLogsLogGroup", "AWS::Logs::LogGroup", Id::Last),
    (
        "AwsOpenSearchServiceDomain",
        "AWS::OpenSearch::Domain",
        Id::Last,
    ),
    ("AwsRdsDbCluster", "AWS::RDS::DBCluster", Id::Last),
    (
        "AwsRdsDbClusterSnapshot",
        "AWS::RDS::DBClusterSnapshot",
        Id::Last,
    ),
    ("AwsRdsDbInstance", "AWS::RDS::DBInstance", Id::Last),
    ("AwsRdsDbSnapshot", "AWS::RDS::DBSnapshot", Id::Last),
    ("AwsRedshiftCluster", "AWS::Redshift::Cluster", Id::Last),
    ("AwsS3Bucket", "AWS::S3::Bucket", Id::Last),
    (
        "AwsSageMakerNotebookInstance",
        "AWS::SageMaker::NotebookInstance",
        Id::Last,
    ),
    (
        "AwsSecretsManagerSecret",
        "AWS::SecretsManager::Secret",
        Id::Arn,
    ),
    ("AwsSnsTopic", "AWS::SNS::Topic", Id::Arn),
    ("AwsSqsQueue", "AWS::SQS::Queue", Id::Last),
    ("AwsWafv2WebAcl", "AWS::WAFv2::WebACL", Id::Arn),
];

/// AWS Config's type and id of a resource that ASFF names by type and ARN; what the table does
/// not have keeps ASFF's names.
pub fn resource<'a>(kind: &'a str, id: &'a str) -> (Cow<'a, str>, Cow<'a, str>) {
    if let Some(account) = id.strip_prefix("AWS::::Account:") {
        return ("AWS::::Account".into(), account.into());
    }
    let Some((_, known, form)) = TYPES.iter().find(|(asff, ..)| *asff == kind) else {
        return (kind.into(), id.into());
    };
    let id = match form {
        Id::Last => id.rsplit([':', '/']).next().unwrap_or(id),
        Id::Arn => id,
    };
    ((*known).into(), id.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resource_of_asff_is_named_as_aws_config_names_it() {
        let group = "arn:aws:ec2:us-east-1:111122223333:security-group/sg-1";
        let named = resource("AwsEc2SecurityGroup", group);
        assert_eq!(named, ("AWS::EC2::SecurityGroup".into(), "sg-1".into()));
        let account = resource("AwsAccount", "AWS::::Account:111122223333");
        assert_eq!(account, ("AWS::::Account".into(), "111122223333".into()));
        assert_eq!(resource("AwsNew", "x").0, "AwsNew");
    }
}
