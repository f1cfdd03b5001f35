# #region address
API=http://127.0.0.1:9001
# #endregion address
API=${1:-$API}
set -eu
# #region station
curl --json '{"id":"CS001","password":"correct-horse-battery"}' $API/api/v1/stations
# #endregion station
# #region token
curl -X PUT --json '{"groupId":"FLEET"}' $API/api/v1/tokens/04E91C5A2B3D80
# #endregion token
# #region pages
curl -i "$API/api/v1/transactions?limit=50"
# #endregion pages
# #region unknown-stations
curl $API/api/v1/unknown-stations
# #endregion unknown-stations
# #region report
curl "$API/api/v1/reports/energy?startDate=2026-01-01&endDate=2026-01-31&format=csv"
# #endregion report
# #region hook
curl --json '{"url":"https://example.com/ocpp","kinds":["transaction"]}' $API/api/v1/webhooks
# #endregion hook
# #region job
curl --json '{"action":"Reset","payload":{"type":"OnIdle"},"stationIds":["CS001"]}' $API/api/v1/jobs
# #endregion job
