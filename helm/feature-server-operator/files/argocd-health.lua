-- Argo CD's health of a FeatureServer, for argocd-cm:
--   resource.customizations.health.aws.feast.dev_FeatureServer: | <this file>
-- Healthy is what serves its newest generation. Degraded is what somebody should look at: a mistake, or an update
-- that failed, though a former generation may go on serving and the operator tries again by itself.

-- What is part of every deployment, or passes by itself.
local expected = {
  Adopting = true,
  AwsConflict = true,
  AwsNotReadyYet = true,
  AwsObjectMissing = true,
  AwsThrottled = true,
  AwsUnavailable = true,
  Deploying = true,
  EndpointPending = true,
  FunctionPending = true,
  Pending = true,
  Removing = true,
  RoleNotAssumable = true,
}

-- As somebody asked for.
local off = { Disabled = true, Planned = true, Suspended = true }

local function health(status, message)
  return { status = status, message = message }
end

if obj.metadata.deletionTimestamp ~= nil then
  return health("Progressing", "It is being removed from AWS.")
end

local generation = obj.metadata.generation
if obj.status == nil or obj.status.conditions == nil or obj.status.observedGeneration ~= generation then
  return health("Progressing", "The operator has not looked at this generation yet.")
end

local conditions = {}
for _, condition in ipairs(obj.status.conditions) do
  conditions[condition.type] = condition
end
local ready, reconciling, stalled = conditions.Ready, conditions.Reconciling, conditions.Stalled

if stalled ~= nil and stalled.status == "True" then
  return health("Degraded", stalled.reason .. ": " .. stalled.message)
end
if ready == nil then
  return health("Progressing", "The operator has not judged it yet.")
end
if off[ready.reason] then
  return health("Suspended", ready.message)
end
if ready.status == "True" and ready.observedGeneration == generation then
  return health("Healthy", ready.message)
end

local why = ready
if reconciling ~= nil and reconciling.status == "True" then
  why = reconciling
end
if expected[why.reason] then
  return health("Progressing", why.message)
end
return health("Degraded", why.reason .. ": " .. why.message)
